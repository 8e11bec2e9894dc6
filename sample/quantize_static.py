"""Static quantization as many posts show it. It runs, it warns, and the model stays as large as it was."""
import torch
from torch import quantization

from models import SmallNet

model = SmallNet()
model.load_state_dict(torch.load("checkpoints/smallnet.pt"))
model.eval()

prepared = quantization.prepare(model)
fused = quantization.fuse_modules(prepared, [["features.0.conv", "features.0.norm", "features.0.relu"]])
fused(torch.rand(1, 3, 32, 32))
quantized = quantization.convert(fused)
torch.save(quantized.state_dict(), "smallnet-int8.pt")
