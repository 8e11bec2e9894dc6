"""The two models of the sample."""
import torch
from torch import nn


class Tagger(nn.Module):
    """Tags each word of a sentence."""

    def __init__(self, vocabulary=1000, width=64, hidden=96, tags=12):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.lstm = nn.LSTM(width, hidden, num_layers=2, bidirectional=True, batch_first=True)
        self.head = nn.Linear(2 * hidden, tags)

    def forward(self, words):
        states, _ = self.lstm(self.embedding(words))
        return self.head(states)


class ConvBlock(nn.Module):
    def __init__(self, inputs, outputs):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel_size=3, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.relu = nn.ReLU()

    def forward(self, x):
        return self.relu(self.norm(self.conv(x)))


class SmallNet(nn.Module):
    """Classifies 32 x 32 pictures."""

    def __init__(self, classes=10, widths=(16, 32, 64)):
        super().__init__()
        blocks = []
        inputs = 3
        for width in widths:
            blocks += [ConvBlock(inputs, width), nn.MaxPool2d(2)]
            inputs = width
        self.features = nn.Sequential(*blocks)
        self.classifier = nn.Linear(widths[-1] * 4 * 4, classes)

    def forward(self, x):
        return self.classifier(torch.flatten(self.features(x), 1))
