"""Trains the small network for a few steps and saves everything it has."""
import argparse

import torch
from torch import nn

from models import SmallNet

parser = argparse.ArgumentParser()
parser.add_argument("--classes", type=int, default=10)
parser.add_argument("--steps", type=int, default=3)
args = parser.parse_args()

model = SmallNet(classes=args.classes)
optimizer = torch.optim.Adam(model.parameters())
loss_of = nn.CrossEntropyLoss()

for step in range(args.steps):
    optimizer.zero_grad()
    loss = loss_of(model(torch.rand(8, 3, 32, 32)), torch.randint(0, args.classes, (8,)))
    loss.backward()
    optimizer.step()

torch.save({"model": model.state_dict(), "optimizer": optimizer.state_dict(), "steps": args.steps}, "training.pt")
