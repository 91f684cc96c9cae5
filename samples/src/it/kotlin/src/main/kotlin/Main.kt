package consumer

import dev.mixlaw.api.*
import java.nio.file.Files
import java.nio.file.Path

/** Trains a study and shows its events: lambdas are listeners, and `when` knows all events. */
fun main(args: Array<String>) {
    val file = Path.of(args[0], "text.jsonl")
    Files.writeString(file, "{\"text\": \"a text of some words, and of some more words\"}\n".repeat(200))
    val text = Corpus.jsonl(file)
    val study =
        Study.named("kotlin")
            .mixtures(Mixture.of(text.named("web").natural()))
            .models(ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16))
            .budgets("1024")
            .tokenizer(TokenizerSpec.trainedBpe(270))
            .evaluateOn(Domains.of(text.named("news")))
    Lab.open(Path.of(args[0], "lab")).use { lab ->
        val findings = lab.run(study, { event -> describe(event)?.let(::println) })
        check(findings.runs().all { it.completed() })
    }
}

fun describe(event: StudyEvent): String? =
    when (event) {
        is StudyEvent.Preparing -> null
        is StudyEvent.Planned -> event.plan().toString()
        is StudyEvent.Started -> "started ${event.run()}"
        is StudyEvent.Stepped -> null
        is StudyEvent.Measured -> "${event.name()}: ${event.value()}"
        is StudyEvent.Finished -> "finished ${event.result().key()}"
        is StudyEvent.Warned -> event.warning()
    }
