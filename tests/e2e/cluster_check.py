#!/usr/bin/env python3
"""Compares three records of one run of a cluster: what the sender was answered, what the receiver
got, what tocsin recorded. Knows nothing of how tocsin works.

    cluster_check.py DIR    reads DIR/{sent,received,recorded,events}.jsonl, prints what it found
                            exit 0: they agree; 1: they do not; 2: wrong use

sent      {kind: alerts, at, answered, status, alerts: [labels]} and
          {kind: acknowledge, at, answered, status, incident}; status null: no answer came
received  {at, id, type, person, address, channel, incident, round, step, default_policy}
recorded  an incident as GET /api/v1/incidents/ID shows it, and `also`: other ids that lead to it
events    {what, at, until}: a kill, a pause, a fault, during which a page may come twice

All times are seconds of one clock.
"""
import argparse
import collections
import json
import pathlib
import sys

# A page that was on its way when an acknowledgement was answered arrives so much later at the most.
IN_FLIGHT = 1.0
# Between a page's arrival and its being recorded; a crash in between sends it again.
RECORDED_WITHIN = 3.0
FILES = ("sent", "received", "recorded", "events")


def is_good(answer):
    return answer["status"] is not None and 200 <= answer["status"] < 300


def check(sent, received, recorded, events):
    """{"counts": {what: number}, "violations": [(kind, what)]}"""
    violations, counts = [], collections.Counter()
    pages = [one for one in received if one["type"] == "page"]
    answers = [one for one in sent if one["kind"] == "alerts"]
    acks = [one for one in sent if one["kind"] == "acknowledge"]
    known = {name: incident for incident in recorded
             for name in (incident["id"], *incident.get("also", ()))}
    violations += check_alerts(answers, recorded, counts)
    violations += check_pages(pages, acks, known, counts)
    violations += check_keys(pages, counts)
    violations += check_duplicates(pages, events, counts)
    violations += check_acknowledgements(pages, acks, known, counts)
    return {"counts": dict(counts), "violations": violations}


def name_of(labels):
    return frozenset(labels.items())


def shown(labels):
    return ",".join(f"{name}={value}" for name, value in sorted(labels))


def check_alerts(answers, recorded, counts):
    """Every accepted alert is decided once, and none is decided that nobody sent."""
    tried, accepted = set(), set()
    for answer in answers:
        names = {name_of(labels) for labels in answer["alerts"]}
        counts["requests"] += 1
        counts["alerts answered 2xx"] += len(answer["alerts"]) if is_good(answer) else 0
        counts["requests refused or without an answer"] += not is_good(answer)
        tried |= names
        accepted |= names if is_good(answer) else set()
    decided = collections.defaultdict(list)
    for incident in recorded:
        for alert in incident["alerts"]:
            decided[name_of(alert["labels"])].append(incident)
    counts["different alerts accepted"] = len(accepted)
    counts["incidents"] = len(recorded)
    for name in sorted(accepted, key=shown):
        if not any((i.get("decision") or {}).get("outcome") for i in decided[name]):
            yield "no decision", f"{shown(name)} was accepted, and no decision is recorded"
    for name, incidents in list(decided.items()):
        if name not in tried:
            yield "invented", f"{shown(name)} is recorded, and nobody sent it"
        ids = sorted({incident["id"] for incident in incidents})
        if len(ids) > 1:
            yield "decided twice", f"{shown(name)} is in the incidents {' '.join(ids)}"


def check_pages(pages, acks, known, counts):
    """Every incident has its page, and every page its incident."""
    paged = {page["incident"] for page in pages}
    answered = {ack["incident"] for ack in acks}
    counts["pages received"] = len(pages)
    for incident in {each["id"]: each for each in known.values()}.values():
        wants = (incident.get("decision") or {}).get("outcome") == "page"
        names = {incident["id"], *incident.get("also", ())}
        if wants and not names & (paged | answered):
            yield "no page", f"incident {incident['id']}, {incident['title']}, paged nobody"
    for page in pages:
        incident = known.get(page["incident"])
        if incident is None:
            yield "unknown incident", f"page {page['id']} is of {page['incident']}, not recorded"
        elif page["id"] not in {entry["id"] for entry in incident["pages"]}:
            yield "unrecorded page", f"page {page['id']} of {page['incident']} is not recorded"


def check_keys(pages, counts):
    """One step for one contact has one key."""
    keys = collections.defaultdict(set)
    for page in pages:
        keys[tuple(str(page.get(field)) for field in (
            "incident", "default_policy", "round", "step", "person", "channel", "address"))].add(
                page["id"])
    counts["different pages"] = len({page["id"] for page in pages})
    for step, ids in keys.items():
        if len(ids) > 1:
            yield "two keys", f"{' '.join(step)} was paged as {' and '.join(sorted(ids))}"


def check_duplicates(pages, events, counts):
    """A page comes twice only when something happened between its sending and its recording."""
    arrivals = collections.defaultdict(list)
    for page in pages:
        arrivals[page["id"]].append(page["at"])
    for key, times in arrivals.items():
        times.sort()
        counts["duplicates with the same key"] += len(times) - 1
        for first, again in zip(times, times[1:]):
            if not any(event["at"] - RECORDED_WITHIN <= first <= event.get("until", event["at"])
                       and event["at"] <= again for event in events):
                yield "duplicate", (f"page {key} came again after {again - first:.1f} s, and "
                                    "nothing had happened between its sending and its recording")


def check_acknowledgements(pages, acks, known, counts):
    """Once it was answered 2xx, no page starts, and the answer is not taken back."""
    answered = {}
    for ack in acks:
        if is_good(ack):
            first = answered.get(ack["incident"], ack["answered"])
            answered[ack["incident"]] = min(first, ack["answered"])
    counts["acknowledgements answered 2xx"] = len(answered)
    for page in pages:
        late = page["at"] - answered.get(page["incident"], page["at"])
        if late > IN_FLIGHT:
            yield "after acknowledgement", (f"page {page['id']} of {page['incident']} came "
                                            f"{late:.1f} s after that was answered")
    for incident in sorted(set(answered) & set(known)):
        if known[incident]["state"] == "open":
            yield "acknowledgement lost", f"incident {incident} is open again"


def read(directory):
    records = []
    for name in FILES:
        path = pathlib.Path(directory) / f"{name}.jsonl"
        # Nothing need have happened to the cluster; the other records are never empty.
        lines = path.read_text().splitlines() if path.exists() or name != "events" else []
        records.append([json.loads(line) for line in lines])
    return records


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory")
    directory = parser.parse_args(arguments).directory
    try:
        records = read(directory)
    except (OSError, ValueError) as problem:
        print(f"cluster_check: {problem}", file=sys.stderr)
        return 2
    found = check(*records)
    for what, number in found["counts"].items():
        print(f"{number:8} {what}")
    for kind, what in found["violations"]:
        print(f"WRONG {kind}: {what}")
    return 1 if found["violations"] else 0


if __name__ == "__main__":
    sys.exit(main())
