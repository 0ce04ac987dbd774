// SPDX-License-Identifier: Apache-2.0
#include "daemon/alerts/news.hpp"

namespace nudged::alerts {
namespace {

using warehouse::Answer;
using warehouse::AnswerKind;
using warehouse::StoredFinding;

bool is_worse(const StoredFinding& stored, const LastTold& told) {
    return told.severity && stored.finding.severity > *told.severity;
}

bool is_repeated(const StoredFinding& stored, const LastTold& told, const Listener& listener,
                 Instant now) {
    if (listener.repeat_after <= 0 || stored.finding.is_praise) return false;
    const auto day = listener.zone.local_day(*told.at);
    const auto today = listener.zone.local_day(now);
    return listener.calendar.working_age(day, today) >= listener.repeat_after;
}

News unanswered(const StoredFinding& stored, const LastTold& told, const Listener& listener,
                Instant now) {
    if (!told.at) return News::first;
    if (is_worse(stored, told)) return News::worsened;
    return is_repeated(stored, told, listener, now) ? News::repeated : News::none;
}

bool is_timed(const Answer& answer) {
    return answer.kind == AnswerKind::snoozed && answer.until;
}

}  // namespace

bool is_answered(const StoredFinding& stored, Instant now) {
    if (!stored.answer) return false;
    const auto& answer = *stored.answer;
    switch (answer.kind) {
    case AnswerKind::acknowledged:
    case AnswerKind::disputed: return true;
    case AnswerKind::snoozed:
    case AnswerKind::dismissed: break;
    }
    return is_timed(answer) ? now < *answer.until
                            : answer.facts == facts_of(stored.finding, stored.episode.seen_at);
}

News decide_news(const StoredFinding& stored, const LastTold& told, const Listener& listener,
                 Instant now) {
    if (!stored.answer) return unanswered(stored, told, listener, now);
    const auto& answer = *stored.answer;
    if (answer.kind == AnswerKind::acknowledged)
        return is_worse(stored, told) ? News::worsened : News::none;
    if (is_answered(stored, now)) return News::none;
    const auto over = is_timed(answer) ? *answer.until : answer.at;
    if (!told.at || *told.at < over) return News::woken;
    return unanswered(stored, told, listener, now);
}

News decide_news(const StoredFinding& stored, const Listener& listener, Instant now) {
    const LastTold told{stored.episode.notified_at, stored.episode.notified_severity};
    return decide_news(stored, told, listener, now);
}

}  // namespace nudged::alerts
