// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/news.hpp"

namespace nudged::alerts {
namespace {

using warehouse::AnswerKind;
using warehouse::StoredFinding;

bool is_worse(const StoredFinding& stored) {
    return stored.episode.notified_severity &&
           stored.finding.severity > *stored.episode.notified_severity;
}

bool is_repeated(const StoredFinding& stored, const Listener& listener, Instant now) {
    if (listener.repeat_after <= 0 || stored.finding.is_praise) return false;
    const auto told = listener.zone.local_day(*stored.episode.notified_at);
    const auto today = listener.zone.local_day(now);
    return listener.calendar.working_age(told, today) >= listener.repeat_after;
}

News unanswered(const StoredFinding& stored, const Listener& listener, Instant now) {
    if (!stored.episode.notified_at) return News::first;
    if (is_worse(stored)) return News::worsened;
    return is_repeated(stored, listener, now) ? News::repeated : News::none;
}

}  // namespace

News decide_news(const StoredFinding& stored, const Listener& listener, Instant now) {
    if (!stored.answer) return unanswered(stored, listener, now);
    const auto& answer = *stored.answer;
    if (answer.kind == AnswerKind::acknowledged)
        return is_worse(stored) ? News::worsened : News::none;
    const bool is_timed = answer.kind == AnswerKind::snoozed && answer.until;
    const bool holds = is_timed ? now < *answer.until
                                : answer.facts == facts_of(stored.finding, stored.episode.seen_at);
    if (holds) return News::none;
    const auto told = stored.episode.notified_at;
    const auto over = is_timed ? *answer.until : answer.at;
    if (!told || *told < over) return News::woken;
    return unanswered(stored, listener, now);
}

}  // namespace nudged::alerts
