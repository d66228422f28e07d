"""The steps of ruin and recreate, compiled: all that runs by the hundred thousand is in this file."""

from __future__ import annotations

import numba
import numpy as np

_REMOVED = 10.0  # stops taken out at a step, on average
_LONGEST = 10.0  # stops in a string at most
_SPLIT = 0.5  # how often the string is broken in two, and some of its middle stays
_KEEP_MORE = 0.99
_BLINK = 0.01  # how often a place to put a stop in is overlooked


@numba.njit(cache=True, nogil=True)
def _in_time(  # type: ignore[no-untyped-def] # compiled: numba knows the types
    stops,
    length,
    put,
    before,
    minutes,
    place,
    service,
    opens,
    closes,
    start,
    end,
    begins,
    ends,
    lunch_from,
    lunch,
) -> bool:
    """Whether a tour keeps windows and hours with the stop `put` in `before` that position."""
    at, now, lunched = start, begins, lunch <= 0
    for i in range(length + 1):
        if i < before:
            stop = stops[i]
        elif i == before:
            stop = put
        else:
            stop = stops[i - 1]
        arrives = now + minutes[at, place[stop]]
        now = max(arrives, opens[stop])
        if not lunched and now >= lunch_from:
            lunched = True
            now = max(max(arrives, lunch_from) + lunch, opens[stop])
        if now > closes[stop] + 1e-9:
            return False
        now += service[stop]
        at = place[stop]
    return now + minutes[at, end] <= ends + 1e-9


@numba.njit(cache=True, nogil=True)
def _travel(stops, length, minutes, place, start, end) -> float:  # type: ignore[no-untyped-def]
    """The minutes of travel of a tour."""
    if length == 0:
        return 0.0
    total, at = 0.0, start
    for i in range(length):
        total += minutes[at, place[stops[i]]]
        at = place[stops[i]]
    return total + minutes[at, end]


@numba.njit(cache=True, nogil=True)
def improve(  # type: ignore[no-untyped-def]
    minutes,
    place,
    service,
    size,
    opens,
    closes,
    patterns,
    price,
    day,
    visitor,
    mode,
    start,
    end,
    begins,
    ends,
    limit,
    room,
    lunch_from,
    lunch,
    allowed,
    extra,
    order,
    alike,
    timed,
    best_plan,
    best_length,
    best_chosen,
    costs,
    now_plan,
    now_length,
    now_chosen,
    now_at,
    done,
    steps,
    total,
    hot,
    cold,
    seed,
) -> None:
    """Do `steps` steps after the first `done` of `total`, in place; heat falls from `hot` to `cold` over the total.

    First come the arrays of the problem as `Search` prepares them, then the best plan, `costs` (of the best and the
    present plan), and the present plan.
    """
    np.random.seed(seed + done)
    stops, tours = len(place), len(day)
    days, visitors = now_at.shape[1], visitor.max() + 1
    # What changes in a step; the state it began with stays in the arrays called now_….
    plan, length, chosen, at = now_plan.copy(), now_length.copy(), now_chosen.copy(), now_at.copy()
    travel, work, full = np.zeros(tours), np.zeros(tours), np.zeros(tours)
    for t in range(tours):
        travel[t] = _travel(plan[t], length[t], minutes[mode[t]], place, start[t], end[t])
        for i in range(length[t]):
            work[t] += service[plan[t, i]]
            full[t] += size[plan[t, i]]
    kept_travel, kept_work, kept_full = travel.copy(), work.copy(), full.copy()
    touched, is_touched = np.zeros(tours, np.int64), np.zeros(tours, np.bool_)
    out, key = np.zeros(stops, np.int64), np.zeros(stops)
    number = 0
    for stop in range(stops):
        if chosen[stop] == 0:
            out[number] = stop
            number += 1
    kept_out, kept_number = out.copy(), number
    of_day_visitor = np.full((days, visitors, tours), -1, np.int64)
    count = np.zeros((days, visitors), np.int64)
    for t in range(tours):
        of_day_visitor[day[t], visitor[t], count[day[t], visitor[t]]] = t
        count[day[t], visitor[t]] += 1
    ruined = np.zeros(tours, np.bool_)
    cheapest, by_tour, by_place = (
        np.zeros((days, visitors)),
        np.zeros((days, visitors), np.int64),
        np.zeros((days, visitors), np.int64),
    )
    heat = hot
    for step in range(done, done + steps):
        if step & 255 == 0 or step == done:
            heat = hot * (cold / hot) ** (step / total)
        changed = 0
        filled, longest = 0, 0.0
        for t in range(tours):
            if length[t] > 0:
                filled += 1
                longest += length[t]
            ruined[t] = False
        if filled > 0:
            # Ruin: strings of stops around one, each from another tour; a stop goes from all its days.
            longest = min(_LONGEST, longest / filled)
            strings = int(np.random.random() * (4 * _REMOVED / (1 + longest) - 1) + 1)
            centre = np.random.randint(stops)
            for j in range(stops):
                if strings <= 0:
                    break
                stop = order[centre, j]
                if chosen[stop] == 0:
                    continue
                t, seen = -1, 0
                for d in range(days):
                    other = at[stop, d]
                    if other >= 0 and not ruined[other]:
                        seen += 1
                        if np.random.randint(seen) == 0:
                            t = other
                if t < 0:
                    continue
                ruined[t] = True
                strings -= 1
                taken = min(int(np.random.random() * min(float(length[t]), longest) + 1), length[t])
                spared = 0
                if taken > 1 and np.random.random() < _SPLIT:
                    spared = 1
                    while taken + spared < length[t] and np.random.random() < _KEEP_MORE:
                        spared += 1
                    spared = min(spared, length[t] - taken)
                p = 0
                while plan[t, p] != stop:
                    p += 1
                low, high = max(0, p - taken - spared + 1), min(p, length[t] - taken - spared)
                first = low + np.random.randint(high - low + 1)
                gap = np.random.randint(taken + 1) if spared > 0 else 0
                begun = number
                for i in range(taken + spared):
                    if not gap <= i < gap + spared:
                        out[number] = plan[t, first + i]
                        number += 1
                for i in range(begun, number):
                    gone = out[i]
                    chosen[gone] = 0
                    for d in range(days):
                        other = at[gone, d]
                        if other < 0:
                            continue
                        at[gone, d] = -1
                        if not is_touched[other]:
                            is_touched[other] = True
                            touched[changed] = other
                            changed += 1
                        p = 0
                        while plan[other, p] != gone:
                            p += 1
                        for z in range(p, length[other] - 1):
                            plan[other, z] = plan[other, z + 1]
                        length[other] -= 1
                        work[other] -= service[gone]
                        full[other] -= size[gone]
                        travel[other] = _travel(
                            plan[other], length[other], minutes[mode[other]], place, start[other], end[other]
                        )
        # Recreate: in one of several orders, the dearest to leave out first.
        kind = np.random.random()
        home = start[0]
        for i in range(number):
            stop = out[i]
            if kind < 0.4:
                key[i] = np.random.random()
            elif kind < 0.6:
                key[i] = -service[stop] - size[stop]
            elif kind < 0.8:
                key[i] = -minutes[0, home, place[stop]]
            elif kind < 0.9:
                key[i] = minutes[0, home, place[stop]]
            else:
                key[i] = np.random.random() - price[stop]
        for i in range(1, number):
            stop, rank = out[i], key[i]
            z = i - 1
            while z >= 0 and key[z] > rank:
                out[z + 1], key[z + 1] = out[z], key[z]
                z -= 1
            out[z + 1], key[z + 1] = stop, rank
        left = 0
        for i in range(number):
            stop = out[i]
            cheapest[:] = -1.0
            best, pattern, who = np.inf, 0, -1
            for w in range(visitors):
                for which in range(patterns.shape[1]):
                    bits = patterns[stop, which]
                    if bits == 0:
                        break
                    cost = 0.0
                    for d in range(days):
                        if not bits >> d & 1:
                            continue
                        if cheapest[d, w] == -1.0:
                            least = np.inf
                            for r in range(count[d, w]):
                                t = of_day_visitor[d, w, r]
                                if not allowed[stop, t] or full[t] + size[stop] > room[t] + 1e-9:
                                    continue
                                if length[t] == 0 and alike[t] != t and length[alike[t]] == 0:
                                    continue
                                spare = limit[t] - travel[t] - work[t] - service[stop] + 1e-9
                                if spare < 0:
                                    continue
                                way = minutes[mode[t]]
                                before = start[t]
                                for p in range(length[t] + 1):
                                    after = place[plan[t, p]] if p < length[t] else end[t]
                                    more = way[before, place[stop]] + way[place[stop], after]
                                    if length[t] > 0:
                                        more -= way[before, after]
                                    before = after
                                    if not more <= spare or not more + extra[stop, t] < least:
                                        continue
                                    if np.random.random() < _BLINK:
                                        continue
                                    if timed and not _in_time(
                                        plan[t],
                                        length[t],
                                        stop,
                                        p,
                                        way,
                                        place,
                                        service,
                                        opens,
                                        closes,
                                        start[t],
                                        end[t],
                                        begins[t],
                                        ends[t],
                                        lunch_from[t],
                                        lunch[t],
                                    ):
                                        continue
                                    least = more + extra[stop, t]
                                    by_tour[d, w], by_place[d, w] = t, p
                            cheapest[d, w] = least
                        cost += cheapest[d, w]
                        if not cost < best:
                            break
                    if cost < best:
                        best, pattern, who = cost, bits, w
            if pattern == 0 or best >= price[stop]:
                out[left] = stop
                left += 1
                continue
            chosen[stop] = pattern
            for d in range(days):
                if not pattern >> d & 1:
                    continue
                t, p = by_tour[d, who], by_place[d, who]
                if not is_touched[t]:
                    is_touched[t] = True
                    touched[changed] = t
                    changed += 1
                for z in range(length[t], p, -1):
                    plan[t, z] = plan[t, z - 1]
                plan[t, p] = stop
                length[t] += 1
                at[stop, d] = t
                work[t] += service[stop]
                full[t] += size[stop]
                travel[t] = _travel(plan[t], length[t], minutes[mode[t]], place, start[t], end[t])
        number = left
        cost = 0.0
        for t in range(tours):
            cost += travel[t]
            for i in range(length[t]):
                cost += extra[plan[t, i], t]
        for i in range(number):
            cost += price[out[i]]
        if cost < costs[1] - heat * np.log(np.random.random()):
            costs[1] = cost
            for i in range(changed):
                t = touched[i]
                now_plan[t, : length[t]] = plan[t, : length[t]]
                now_length[t] = length[t]
                kept_travel[t], kept_work[t], kept_full[t] = travel[t], work[t], full[t]
                is_touched[t] = False
            now_chosen[:] = chosen
            now_at[:] = at
            kept_out[:number] = out[:number]
            kept_number = number
            if cost < costs[0] - 1e-9:
                costs[0] = cost
                best_plan[:] = now_plan
                best_length[:] = now_length
                best_chosen[:] = now_chosen
        else:
            for i in range(changed):
                t = touched[i]
                length[t] = now_length[t]
                plan[t, : length[t]] = now_plan[t, : length[t]]
                travel[t], work[t], full[t] = kept_travel[t], kept_work[t], kept_full[t]
                is_touched[t] = False
            chosen[:] = now_chosen
            at[:] = now_at
            out[:kept_number] = kept_out[:kept_number]
            number = kept_number
