"""What of a shared value is about one person: others' data is not that person's to see.

A webhook's body, a file's first lines or a program's list of numbers tell of many. Who
asks what is held on him gets the elements that name him, and the frame around them.
"""

import json
import re
from typing import Any

# Three numbers side by side are a list of people; two may be one person's.
FEWEST_NUMBERS = 3
SEPARATOR = re.compile(r"\n|, ")


def own_part(value: Any, words: list[str]) -> Any:
    """Return a value without the elements, lines and parts that hold none of the words.

    Texts of JSON are read and written again. What is neither a list nor in a list
    stays: it frames what the person is told.
    """
    if not isinstance(value, str):
        return _pruned(value, words)
    try:
        parsed = json.loads(value)
    except ValueError:
        return _own_lines(value, words)
    if not isinstance(parsed, (dict, list)):
        return _own_lines(value, words)
    return json.dumps(_pruned(parsed, words), ensure_ascii=False)


def _own_lines(text: str, words: list[str]) -> str:
    parts = SEPARATOR.split(text)
    if len(parts) == 1:
        return text
    return ", ".join(part for part in parts if _mentions(part, words))


def _pruned(value: Any, words: list[str]) -> Any:
    if isinstance(value, dict):
        return {name: _pruned(one, words) for name, one in value.items()}
    if not isinstance(value, list):
        return value
    if _lists_people(value):
        value = [one for one in value if _mentions(one, words)]
    return [_pruned(one, words) for one in value]


def _lists_people(elements: list[Any]) -> bool:
    if len(elements) >= FEWEST_NUMBERS and all(map(_is_number, elements)):
        return True
    return len(elements) > 1 and all(isinstance(e, (dict, list)) for e in elements)


def _is_number(element: Any) -> bool:
    return isinstance(element, str) and len(re.sub(r"\D", "", element)) >= 10


def _mentions(element: Any, words: list[str]) -> bool:
    text = element if isinstance(element, str) else json.dumps(element, default=str)
    plain = text if isinstance(element, str) else text + _unescaped(element)
    return any(word and word in plain for word in words)


def _unescaped(element: Any) -> str:
    return json.dumps(element, ensure_ascii=False, default=str)
