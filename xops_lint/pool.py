"""Spreads work over processes; a process that dies takes down no more than its file."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
"""Told how many items are done, of how many."""

FEWEST = 64
"""With no more items than this, starting processes takes longer than it saves."""

_CHUNK = 25


def spread(
    work: Callable[[Item], Result],
    lost: Callable[[Item], Result],
    items: Sequence[Item],
    jobs: int | None,
    progress: Progress,
) -> list[Result]:
    """Return the result of every item, in order; ``lost`` makes it if the item ends its process."""
    processes = min(jobs or _cores(), (len(items) + _CHUNK - 1) // _CHUNK)
    if processes <= 1 or len(items) <= FEWEST:
        return list(_one_by_one(work, items, progress))
    chunks = [items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK)]
    results = _in_processes(work, chunks, processes, progress)
    return [
        result
        for chunk, finished in zip(chunks, results)
        for result in (_isolated(work, lost, chunk) if finished is None else finished)
    ]


@contextmanager
def without_gc() -> Iterator[None]:
    """Pause the cyclic collector: what is read of files is large and has no cycles.

    It would visit every node of every syntax tree, and all facts again and again:
    a sixth of the time of a run.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _one_by_one(work: Callable[[Item], Result], items: Sequence[Item], progress: Progress) -> list[Result]:
    results = []
    for done, item in enumerate(items, start=1):
        results.append(work(item))
        progress(done, len(items))
    return results


def _in_processes(
    work: Callable[[Item], Result], chunks: Sequence[Sequence[Item]], processes: int, progress: Progress
) -> list[list[Result] | None]:
    """Return the results chunk by chunk; None for chunks that a dying process left behind."""
    results: list[list[Result] | None] = [None] * len(chunks)
    total = sum(len(chunk) for chunk in chunks)
    done = 0
    with _executor(processes) as executor:
        try:
            futures: dict[Future[list[Result]], int] = {
                executor.submit(_work_off, work, chunk): index for index, chunk in enumerate(chunks)
            }
            for future in as_completed(futures):
                index = futures[future]
                results[index] = future.result()
                done += len(chunks[index])
                progress(done, total)
        except BrokenProcessPool:
            pass  # What is left is done in processes of its own.
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return results


def _isolated(work: Callable[[Item], Result], lost: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    """Do a chunk in a process of its own; halve it until the deadly item stands alone."""
    with _executor(1) as executor:
        try:
            return executor.submit(_work_off, work, chunk).result()
        except BrokenProcessPool:
            if len(chunk) == 1:
                return [lost(chunk[0])]
    middle = len(chunk) // 2
    return [*_isolated(work, lost, chunk[:middle]), *_isolated(work, lost, chunk[middle:])]


def _work_off(work: Callable[[Item], Result], chunk: Sequence[Item]) -> list[Result]:
    with without_gc():
        return [work(item) for item in chunk]


def _executor(processes: int) -> ProcessPoolExecutor:
    """Start processes by fork where that is safe, which spares them their imports."""
    forks = sys.platform == "linux" and threading.active_count() == 1
    context = multiprocessing.get_context("fork" if forks else "spawn")
    return ProcessPoolExecutor(processes, mp_context=context)


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1
