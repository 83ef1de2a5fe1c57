"""Who translates which opcode."""
from .source import Unsupported

HANDLERS = {}


def opcode(*names):
    def known(handler):
        HANDLERS.update({name: handler for name in names})
        return handler
    return known


def translated(function, instruction):
    handler = HANDLERS.get(instruction.name)
    if not handler:
        raise Unsupported(instruction.text)
    return handler(function, instruction)
