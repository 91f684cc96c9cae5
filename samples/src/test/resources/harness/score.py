"""What the Language Model Evaluation Harness itself says of the questions beside this file: scored.json.

    pip install lm-eval transformers torch
    java -cp ... dev.mixlaw.samples.harness.HarnessFiles THIS_FOLDER    # model, tokenizer, questions
    python score.py                                                      # made with lm-eval 0.4.13

The model is read by transformers from the folder, as anybody would; the task is one of the harness's own multiple_choice kind.
"""
import json, os

os.environ["HF_HUB_OFFLINE"] = "1"
import torch
from lm_eval import evaluator
from lm_eval.api.task import ConfigurableTask
from lm_eval.models.huggingface import HFLM
from tokenizers import Tokenizer, processors
from transformers import LlamaForCausalLM, PreTrainedTokenizerFast
import lm_eval, transformers

here = os.path.dirname(os.path.abspath(__file__))
END = "<|endoftext|>"

raw = Tokenizer.from_file(os.path.join(here, "tokenizer.json"))
raw.post_processor = processors.TemplateProcessing(  # every text begins after an end of text
    single=END + " $A", special_tokens=[(END, raw.token_to_id(END))])
tokenizer = PreTrainedTokenizerFast(tokenizer_object=raw, bos_token=END, eos_token=END, pad_token=END)


def score(dtype, delimiter):
    model = LlamaForCausalLM.from_pretrained(here, dtype=dtype)
    lm = HFLM(pretrained=model, tokenizer=tokenizer, backend="causal", batch_size=4, add_bos_token=True,
              max_length=model.config.max_position_embeddings)
    config = {
        "task": "own", "dataset_path": "json", "test_split": "test", "output_type": "multiple_choice",
        "dataset_kwargs": {"data_files": {"test": os.path.join(here, "questions.jsonl")}},
        "doc_to_text": lambda d: d["question"], "doc_to_choice": lambda d: d["choices"], "doc_to_target": "answer",
        "target_delimiter": delimiter,
        "metric_list": [{"metric": m, "aggregation": "mean", "higher_is_better": True} for m in ("acc", "acc_norm", "acc_bytes")],
    }
    found = evaluator.simple_evaluate(model=lm, tasks=[ConfigurableTask(config=config)], log_samples=True, bootstrap_iters=0)
    return {s["doc"]["id"]: s for s in found["samples"]["own"]}


def figures(dtype):
    # A space between question and choice, unless either has white space there: two tasks to the harness.
    spaced, joined = score(dtype, " "), score(dtype, "")
    by_id = {}
    for name, sample in spaced.items():
        doc = sample["doc"]
        apart = not doc["question"][-1].isspace() and not doc["choices"][0][0].isspace()
        by_id[name] = (spaced if apart else joined)[name]
    return by_id


exact, single = figures(torch.float64), figures(torch.float32)
order = [json.loads(line)["id"] for line in open(os.path.join(here, "questions.jsonl"), encoding="utf-8")]
result = {
    "made_by": f"lm-eval {lm_eval.__version__}, transformers {transformers.__version__}, torch {torch.__version__}",
    "questions": [
        {
            "id": name,
            "log_likelihoods": [r[0] for r in exact[name]["filtered_resps"]],
            "log_likelihoods_fp32": [r[0] for r in single[name]["filtered_resps"]],
            **{m: bool(single[name][m]) for m in ("acc", "acc_norm", "acc_bytes")},
        }
        for name in order
    ],
}
for metric in ("acc", "acc_norm", "acc_bytes"):
    assert all(bool(exact[n][metric]) == bool(single[n][metric]) for n in order), metric
    result[metric] = sum(q[metric] for q in result["questions"]) / len(order)
with open(os.path.join(here, "scored.json"), "w", encoding="utf-8") as out:
    json.dump(result, out, indent=1)
    out.write("\n")
print({m: result[m] for m in ("acc", "acc_norm", "acc_bytes")})
