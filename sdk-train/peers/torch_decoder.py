#!/usr/bin/env python3
"""The decoder of EngineBenchmark in PyTorch: what the native engine's speed is measured against.

Usage: torch_decoder.py DTYPE D_MODEL LAYERS HEADS FFN CONTEXT BATCH VOCAB STEPS [--compile] [--cpu]
  DTYPE bf16 (autocast, fp32 weights), fp32, or tf32 (fp32 with tensor cores)

Prints a line of JSON with tokens_per_s; callable by sdk-train/compare. Step time is the median of STEPS
after a warm-up, each waited for, so that a captured graph and eager calls are timed alike.
"""
import argparse
import contextlib
import json
import statistics
import time

import torch
import torch.nn.functional as F
from torch import nn

WARM_UP = 10
LEARNING_RATE = 1e-3
CLIP = 1.0


class Block(nn.Module):
    def __init__(self, width, heads, inner):
        super().__init__()
        self.heads = heads
        self.norm_attention = nn.RMSNorm(width, eps=1e-5)
        self.norm_mlp = nn.RMSNorm(width, eps=1e-5)
        self.qkv = nn.Linear(width, 3 * width, bias=False)
        self.out = nn.Linear(width, width, bias=False)
        self.gate_up = nn.Linear(width, 2 * inner, bias=False)
        self.down = nn.Linear(inner, width, bias=False)

    def forward(self, x, cos, sin):
        batch, length, width = x.shape
        q, k, v = (
            part.view(batch, length, self.heads, -1).transpose(1, 2)
            for part in self.qkv(self.norm_attention(x)).chunk(3, dim=-1)
        )
        q, k = rotated(q, cos, sin), rotated(k, cos, sin)
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.out(mixed.transpose(1, 2).reshape(batch, length, width))
        gate, up = self.gate_up(self.norm_mlp(x)).chunk(2, dim=-1)
        return x + self.down(F.silu(gate) * up)


def rotated(x, cos, sin):
    first, second = x.chunk(2, dim=-1)
    turned = torch.cat((first * cos - second * sin, second * cos + first * sin), dim=-1)
    return turned.to(x.dtype)


class Decoder(nn.Module):
    def __init__(self, width, layers, heads, inner, context, vocabulary):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.blocks = nn.ModuleList(Block(width, heads, inner) for _ in range(layers))
        self.norm = nn.RMSNorm(width, eps=1e-5)
        self.head = nn.Linear(width, vocabulary, bias=False)
        size = width // heads
        angles = torch.outer(torch.arange(context), 10000.0 ** (-torch.arange(0, size, 2) / size))
        self.register_buffer("cos", angles.cos())
        self.register_buffer("sin", angles.sin())
        for weight in self.parameters():
            if weight.dim() > 1:
                nn.init.normal_(weight, std=0.02)

    def forward(self, ids, labels):
        x = self.embedding(ids)
        for block in self.blocks:
            x = block(x, self.cos, self.sin)
        logits = self.head(self.norm(x))
        return F.cross_entropy(logits.flatten(0, 1).float(), labels.flatten())


def optimizer(model, fused):
    decayed = [w for n, w in model.named_parameters() if w.dim() > 1 and "embedding" not in n]
    plain = [w for n, w in model.named_parameters() if w.dim() == 1 or "embedding" in n]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=LEARNING_RATE, betas=(0.9, 0.95), eps=1e-8, fused=fused)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dtype", choices=("bf16", "fp32", "tf32"))
    for name in ("width", "layers", "heads", "inner", "context", "batch", "vocabulary", "steps"):
        parser.add_argument(name, type=int)
    parser.add_argument("--compile", action="store_true", help="by torch.compile, else eager")
    parser.add_argument("--cpu", action="store_true", help="on the processor, else on the card")
    args = parser.parse_args()
    if not args.cpu and not torch.cuda.is_available():
        parser.error("PyTorch sees no CUDA card; --cpu measures the processor")
    device = torch.device("cpu" if args.cpu else "cuda")
    torch.manual_seed(1)
    torch.set_float32_matmul_precision("high" if args.dtype == "tf32" else "highest")

    model = Decoder(args.width, args.layers, args.heads, args.inner, args.context, args.vocabulary).to(device)
    weights = list(model.parameters())
    adamw = optimizer(model, fused=True)
    loss_of = torch.compile(model) if args.compile else model
    bf16 = args.dtype == "bf16"
    precision = torch.autocast(device.type, torch.bfloat16) if bf16 else contextlib.nullcontext()
    tokens = torch.randint(args.vocabulary, (args.batch, args.context + 1), device=device)

    def step():
        with precision:
            loss = loss_of(tokens[:, :-1], tokens[:, 1:])
        loss.backward()
        nn.utils.clip_grad_norm_(weights, CLIP)
        adamw.step()
        adamw.zero_grad(set_to_none=True)
        return loss

    def timed():
        begin = time.perf_counter()
        loss = step()
        if device.type == "cuda":
            torch.cuda.synchronize()
        return time.perf_counter() - begin, loss

    for _ in range(WARM_UP):
        timed()
    seconds = []
    for _ in range(args.steps):
        took, loss = timed()
        seconds.append(took)
    median = statistics.median(seconds)
    count = sum(w.numel() for w in weights)
    # 6 a weight but for the embedding, and causal attention: EngineBenchmark's formula.
    per_token = 6 * (count - args.vocabulary * args.width) + 6 * args.layers * args.context * args.width
    rows = args.batch * args.context
    figures = {
        "peer": f"torch-{torch.__version__}-{'compile' if args.compile else 'eager'}-{args.dtype}",
        "device": torch.cuda.get_device_name() if device.type == "cuda" else "cpu",
        "params": count,
        "step_ms": median * 1e3,
        "tokens_per_s": rows / median,
        "gflop_per_s": per_token * rows / median / 1e9,
        "loss": loss.item(),
    }
    if device.type == "cuda":
        figures["peak_memory_mb"] = torch.cuda.max_memory_allocated() / 1e6
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
