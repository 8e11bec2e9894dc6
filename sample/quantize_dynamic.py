"""Makes the tagger smaller, but leaves its largest part as it was."""
import torch
from torch import nn
from torch.quantization import quantize_dynamic

from models import Tagger

model = Tagger()
model.load_state_dict(torch.load("checkpoints/tagger.pt"))
model = quantize_dynamic(model, {nn.Linear}, dtype=torch.qint8)

with torch.no_grad():
    print(model(torch.randint(0, 1000, (1, 8))).shape)
