#!/usr/bin/env python3
"""Compares the losses of tokens by Hugging Face's transformers and by an engine, for checkpoints of both.

Usage: transformers_agreement.py LIMIT CHECKPOINT COMMAND...
  LIMIT       the largest difference that is accepted, in nats
  CHECKPOINT  a directory that the engine saved (model.safetensors, config.json)
  COMMAND     prints the losses of a checkpoint as JSON, as CheckpointLosses does; the directory and a file of ids are appended

Prints a line of JSON: the largest difference of a token's loss in nats, for CHECKPOINT and for a new model of transformers.
The exit code is 1 if one exceeds LIMIT.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import torch
from transformers import LlamaConfig, LlamaForCausalLM
from transformers.utils import logging

ROWS = 4


def losses(model, ids):
    with torch.no_grad():
        logits = model(ids[:, :-1]).logits.float()
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), ids[:, 1:].flatten(), reduction="none")


def difference(directory, command):
    model = LlamaForCausalLM.from_pretrained(directory, torch_dtype=torch.float32).eval()
    length = min(model.config.max_position_embeddings, 128)
    ids = torch.randint(model.config.vocab_size, (ROWS, length + 1), generator=torch.Generator().manual_seed(1))
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(ids.tolist(), file)
        file.flush()
        told = subprocess.run([*command, directory, file.name], check=True, capture_output=True, text=True).stdout
    ours = torch.tensor(json.loads(told.splitlines()[-1]))
    return (ours - losses(model, ids)).abs().max().item()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    limit, checkpoint, command = float(sys.argv[1]), sys.argv[2], sys.argv[3:]
    logging.disable_progress_bar()
    torch.manual_seed(2)
    with tempfile.TemporaryDirectory() as directory:
        config = LlamaConfig(vocab_size=512, hidden_size=128, intermediate_size=352, num_hidden_layers=3,
                             num_attention_heads=4, max_position_embeddings=128, tie_word_embeddings=False)
        LlamaForCausalLM(config).save_pretrained(Path(directory))
        found = {"ours_in_transformers": difference(checkpoint, command), "transformers_in_ours": difference(directory, command)}
    print(json.dumps(found))
    sys.exit(max(found.values()) > limit)


if __name__ == "__main__":
    main()
