"""Drives `reset_password.aio.UserManagement`: a request a line in, an answer a line out."""

import asyncio
import json
import sys

import protocol
from reset_password import aio

handles = {}


async def answer(request):
    try:
        return {"ok": protocol.plain(await result(request))}
    except Exception as error:
        return {"error": protocol.failure(error)}


async def result(request):
    call = request["call"]
    given = protocol.arguments(request) if call not in ("concurrently", "at") else request["arguments"]
    if call == "open":
        handles[request["handle"]] = await aio.UserManagement.open(given.pop("database_url"), **given)
        return None
    if call == "drop":
        await handles.pop(request["handle"]).close()
        return None
    if call in ("concurrently", "at"):
        # Nothing else is to be done meanwhile, so the loop may wait too.
        protocol.wait_until(given.get("unix_millis", 0))
        return await asyncio.gather(*map(answer, given["calls"]))
    if call == "signatures":
        return protocol.signatures(aio.UserManagement, aio.UserManagement.open, aio.Opening.__aenter__)
    if call in ("codes", "version"):
        return getattr(protocol, call)()
    if call not in protocol.OPERATIONS:
        raise LookupError(f"unknown call {call}")
    return await getattr(handles[request["handle"]], call)(**given)


async def main():
    for line in sys.stdin.buffer:
        identifier = None
        try:
            request = json.loads(line)
            identifier = request["id"]
            told = await answer(request)
        except Exception as error:
            told = {"error": {"code": "driver_failed", "message": f"{type(error).__name__}: {error}"}}
        print(json.dumps({"id": identifier, **told}), flush=True)


asyncio.run(main())
