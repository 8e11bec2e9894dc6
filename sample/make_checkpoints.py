"""Writes checkpoints/ with a real PyTorch. Run it from this folder: python make_checkpoints.py"""
import torch
from torch import nn

from models import SmallNet, Tagger

torch.manual_seed(0)

torch.save(Tagger().state_dict(), "checkpoints/tagger.pt")

net = SmallNet()
torch.save(net.state_dict(), "checkpoints/smallnet.pt")

optimizer = torch.optim.Adam(net.parameters())
for _ in range(2):
    optimizer.zero_grad()
    nn.functional.cross_entropy(net(torch.rand(8, 3, 32, 32)), torch.randint(0, 10, (8,))).backward()
    optimizer.step()
torch.save({"model": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": 2}, "checkpoints/training.pt")

table = torch.rand(1000, 64)
torch.save(table[:10], "checkpoints/rows.pt")
