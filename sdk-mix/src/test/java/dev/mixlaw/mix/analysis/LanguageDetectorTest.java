package dev.mixlaw.mix.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.mix.Shared;
import dev.mixlaw.mix.quality.QualityFilter;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageDetectorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "en | The boats have long since gone from the harbour, and nobody knows where they are.",
        "de | Die Boote sind schon lange aus dem Hafen verschwunden, und niemand weiß, wo sie sind.",
        "fr | Les bateaux ont quitté le port depuis longtemps et personne ne sait où ils sont.",
        "es | Los barcos se fueron del puerto hace mucho y nadie sabe dónde están ahora.",
        "it | Le barche hanno lasciato il porto da molto tempo e nessuno sa dove sono.",
        "ca | Els vaixells van deixar el port fa molt de temps i ningú no sap on són ara amb aquest vent.",
        "pt | Os barcos deixaram o porto há muito tempo e ninguém sabe onde eles estão.",
        "id | Pemerintah telah mengumumkan bahwa harga minyak tidak akan naik tahun ini karena banyak rakyat miskin.",
        "nl | De boten zijn al lang uit de haven verdwenen en niemand weet waar ze zijn.",
        "sv | Båtarna har för länge sedan lämnat hamnen och ingen vet var de är nu.",
        "fi | Veneet ovat jo kauan sitten lähteneet satamasta, eikä kukaan tiedä missä ne ovat.",
        "hu | A hajók már régen elmentek a kikötőből, és senki sem tudja, hogy hol vannak.",
        "tr | Tekneler çok uzun zaman önce gitti ve hiç kimse nerede olduklarını bilmiyor ama bu böyle.",
        "ru | Лодки давно ушли из порта, и никто не знает, где они теперь и когда вернутся.",
        "bg | Лодките отдавна са напуснали пристанището и никой не знае къде са те сега.",
        "ar | غادرت القوارب الميناء منذ زمن بعيد ولا أحد يعرف أين هي الآن في هذا العالم.",
        "fa | قایق‌ها مدت‌ها پیش از بندر رفته‌اند و هیچ کس نمی‌داند که آنها کجا هستند.",
        "el | Τα καράβια έφυγαν από το λιμάνι.",
        "hi | नावें बंदरगाह से चली गई हैं।",
        "th | เรือออกจากท่าเรือไปนานแล้ว",
        "zh | 船早已离开港口，没有人知道它们在哪里。",
        "ja | 船はとっくに港を出てしまい、どこにいるのか誰も知らない。",
        "ko | 배들은 오래전에 항구를 떠났다.",
      })
  void detectsTheLanguageOfASentence(String code, String text) {
    assertThat(LanguageDetector.detect(text)).isEqualTo(Language.ofCode(code));
  }

  @Test
  void unknownLanguagesAreNotDetected() {
    assertThat(LanguageDetector.detect("Łódki dawno opuściły port i nikt już nie wie, gdzie są."))
        .isEmpty();
    assertThat(LanguageDetector.detect("12 + 30 = 42")).isEmpty();
    assertThat(LanguageDetector.detect("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "mr | नदी जुन्या शहरातून वाहते आणि हिवाळ्यात ती गोठते तेव्हा मुले त्या बर्फावर खेळत होती पण ते आता नाही",
        "ne | नदी पुरानो सहर हुँदै बग्छ र जाडोमा यो जम्छ तर केटाकेटी त्यो बरफमा खेल्न पनि आउने गरेको छ",
        "sa | नदी नगरस्य मध्ये वहति इति सर्वे वदन्ति तत्र बालकाः अपि क्रीडन्ति यथा ते न पश्यन्ति तथा च एव अस्ति",
        "as | নদীখন পুৰণি চহৰৰ মাজেৰে বৈ যায় আৰু শীতকালত বৰফ হয়",
        "uk | Річка тече через старе місто, і взимку вона замерзає, а діти бавляться на її льоду.",
        "uk | Учора ми поїхали до села, і там було гарно.",
        "be | Рака цячэ праз стары горад, і ўзімку яна замярзае, а дзеці гуляюць на лёдзе.",
        "sr | Река тече кроз стари град, а зими се заледи, па се деца играју на њеном леду.",
        "mk | Реката тече низ стариот град, а зиме замрзнува, па децата си играат на нејзиниот мраз.",
        "sk | Rieka tečie cez staré mesto a v zime zamrzne, takže sa deti hrajú na ľade, ale už nie pre nás.",
        "pl | Rzeka płynie przez stare miasto i zimą zamarza, a dzieci, które się na niej bawią, są już duże.",
        "af | Die rivier vloei deur die ou stad en in die winter vries dit, sodat die kinders daarop kan speel.",
        "gl | O río pasa pola vila vella e no inverno xea, e os nenos xogan nel ata que unha voz os chama.",
        "ms | Kerajaan telah mengumumkan bahawa harga minyak tidak akan naik tahun ini kerana ramai rakyat miskin.",
        "ms | Kucing ialah haiwan yang sangat disukai oleh manusia, malah ada sesetengah orang yang suka melihatnya.",
        "eo | La rivero fluas tra la malnova urbo kaj en la vintro ĝi frostas, sed ili ankaŭ ludas sur ĝi.",
        "ur | دریا پرانے شہر سے گزرتا ہے اور سردیوں میں جم جاتا ہے تو بچے اس پر کھیلتے ہیں۔"
      })
  void neighboursOfKnownLanguagesAreUnknown(String code, String text) {
    assertThat(LanguageDetector.detect(text)).as(code).isEmpty();
    assertThat(LanguageDetector.candidates(text + " " + text)).as(code).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/** Returns the sum of the values that are not in the set. */\npublic int sum(Set<Integer> of)"
            + " {\n  int sum = 0;\n  for (int value : values) {\n    if (!of.contains(value)) {\n     "
            + " sum += value; // and this is it\n    }\n  }\n  return sum;\n}\n",
        "import os\n\ndef walk(top):\n    # This is where all of the files are found.\n    for name in"
            + " os.listdir(top):\n        if not name.startswith('.'):\n            yield"
            + " os.path.join(top, name)\n",
        "#include <stdio.h>\n#ifndef A_H\n/* This is the file that has what was in the other. */\nint"
            + " a_of_b(int c, const char *d);\n#define E_F 1\n#endif\n",
        "\\begin{align}\n\\frac{\\partial f}{\\partial x} &= \\sum_{i=1}^{n} a_i x_i \\\\\ny &= \\int_0^1"
            + " g(t)\\,dt\n\\end{align}"
      })
  void programTextIsUnknown(String text) {
    assertThat(LanguageDetector.detect(text)).isEmpty();
    assertThat(LanguageDetector.candidates(text)).isEmpty();
  }

  @Test
  void relatedLanguagesAreCandidates() {
    String danish = "Bådene er for længst sejlet ud af havnen, og der er ikke nogen der ved";

    assertThat(LanguageDetector.candidates(danish + ", hvor de er nu, eller om de kommer igen."))
        .startsWith(Language.DANISH)
        .contains(Language.NORWEGIAN)
        .doesNotContain(Language.ENGLISH, Language.GERMAN);
    assertThat(LanguageDetector.candidates("Det er ikke nu.")).isEmpty();
    assertThat(LanguageDetector.candidates("船早已离开港口")).as("7 letters").isEmpty();
    assertThat(LanguageDetector.known()).hasSize(Language.values().length - 1);
  }

  @Test
  void aFilterRejectsOtherLanguages() {
    var rule = QualityFilter.language("en");

    assertThat(rule.accepts("This is what we have been waiting for.")).isTrue();
    assertThat(rule.accepts("Das ist es, worauf wir gewartet haben.")).isFalse();
  }

  @Test
  void englishNewsIsEnglish() {
    List<String> news = Shared.texts(Shared.corpora().resolve("natural/valid/news.jsonl"));

    long english =
        news.stream().filter(t -> LanguageDetector.detect(t).equals(Language.ofCode("en"))).count();

    assertThat((double) english / news.size()).isGreaterThan(0.99);
  }
}
