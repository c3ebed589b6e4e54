"""What every Spec is built on: frozen, strict, every error with path, value, expectation and nearest known name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from fallline.core.canonical import canonical
from fallline.core.choice import nearest
from fallline.core.errors import SpecError

Seed = Annotated[int, Field(ge=0, le=2**53)]
Share = Annotated[float, Field(gt=0, lt=1)]


def _plain_name(text: str) -> str:
    if any(char in text for char in "/\\\0") or text.startswith(".") or ".." in text:
        msg = "a name without slashes or dots at its start"
        raise ValueError(msg)
    return text


Title = Annotated[str, Field(max_length=120)]
PlainName = Annotated[str, Field(min_length=1, max_length=120), AfterValidator(_plain_name)]


class SpecModel(BaseModel):
    """Base of every part of a Spec: cannot change, refuses unknown keys, and does not convert types silently."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, allow_inf_nan=False, validate_default=False, protected_namespaces=()
    )

    def to_tree(self) -> dict[str, Any]:
        """Returns the Spec as plain data with every default filled in."""
        return self.model_dump(mode="json")


class Spec(SpecModel):
    """What to do. Each kind of Spec is a subclass with its own `kind`.

    Attributes:
        kind: which kind; decides the other keys.
        title: for lists and reports.
        seed: every random draw comes from it.
    """

    kind: str
    title: Title = ""
    seed: Seed = 0


def build(model: type[SpecModel], tree: dict[str, Any]) -> SpecModel:
    """Builds a model from plain data, as if it had come as JSON, so that lists become tuples and nothing else converts.

    Raises:
        SpecError: the first thing that is wrong.
    """
    try:
        return model.model_validate_json(canonical(tree))
    except ValidationError as error:
        raise spec_error(model, tree, error) from None


def spec_error(model: type[BaseModel], tree: dict[str, Any], error: ValidationError) -> SpecError:
    """Turns Pydantic's first complaint into one sentence of ours."""
    first = error.errors(include_url=False)[0]
    location = [part for part in first["loc"] if not (isinstance(part, str) and part.endswith("]"))]
    location = _without_tags(location, tree)
    path = ".".join(str(part) for part in location)
    if first["type"] == "extra_forbidden":
        known = _fields_at(model, location[:-1])
        close = nearest(str(location[-1]), known)
        hint = f"Did you mean {close!r}?" if close else f"Known here: {', '.join(sorted(known))}." if known else ""
        return SpecError(".".join(map(str, location[:-1])), str(location[-1]), "a known key", hint)
    if first["type"] == "missing":
        return SpecError(".".join(map(str, location[:-1])), str(location[-1]), "there, and it must be")
    if first["type"] in {"union_tag_invalid", "literal_error"}:
        expected = str(first.get("ctx", {}).get("expected_tags") or first.get("ctx", {}).get("expected", ""))
        names = [name.strip(" '\"") for name in expected.replace(" or ", ",").split(",")]
        value = _value_at(tree, location)
        shown = value.get("kind", value.get("source", value.get("family"))) if isinstance(value, dict) else value
        close = nearest(str(shown), names)
        return SpecError(path, shown, f"one of {expected}", f"Did you mean {close!r}?" if close else "")
    sentence = first["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    return SpecError(path, first.get("input"), _expectation(sentence))


def _expectation(sentence: str) -> str:
    plain = sentence[:1].lower() + sentence[1:]
    return plain.replace("a valid ", "a ").replace("string", "text").replace("boolean", "true or false")


def _without_tags(location: list[int | str], tree: object) -> list[int | str]:
    """Drops the union tags that Pydantic inserts, keeping only parts that lead somewhere in the tree."""
    kept: list[int | str] = []
    node: Any = tree
    for position, part in enumerate(location):
        last = position == len(location) - 1
        if isinstance(node, dict) and (part in node or last):
            kept.append(part)
            node = node.get(part)
        elif isinstance(node, list) and isinstance(part, int) and part < len(node):
            kept.append(part)
            node = node[part]
        elif last and not isinstance(node, dict | list):
            break
    return kept


def _value_at(tree: object, location: list[int | str]) -> object:
    node: Any = tree
    for part in location:
        if isinstance(node, list) and isinstance(part, int):
            node = node[part]
        else:
            node = node.get(part) if isinstance(node, dict) else None
    return node


def _fields_at(model: type[BaseModel], location: list[int | str]) -> list[str]:
    """Known keys where an unknown one stood; empty where the model cannot tell."""
    current: Any = model
    for part in location:
        fields = getattr(current, "model_fields", {})
        if str(part) not in fields:
            return []
        current = _model_in(fields[str(part)].annotation)
    return list(getattr(current, "model_fields", {}))


def _model_in(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in getattr(annotation, "__args__", ()):
        found = _model_in(inner)
        if found is not None:
            return found
    return None


Metric = Literal["log_loss", "brier", "roc_auc"]
