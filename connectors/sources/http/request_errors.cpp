// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/events.hpp"
#include "connectors/sources/http/request.hpp"

#include <fmt/format.h>

#include <algorithm>

/// What becomes of an answer that is none.
namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

FailureKind failure_kind(ErrorClass kind) {
    switch (kind) {
    case ErrorClass::refresh_auth:
    case ErrorClass::auth_dead:
    case ErrorClass::forbidden_stream: return FailureKind::needs_person;
    case ErrorClass::throttle_short:
    case ErrorClass::throttle_quota: return FailureKind::throttled;
    case ErrorClass::transient: return FailureKind::transient;
    default: return FailureKind::refused;
    }
}

/// Too much was asked for, where there is no window to be halved: a query that took too long may be
/// quicker the next time. A list whose pages are counted ends there, each time.
bool is_slow_query(const RequestPlan& request, ErrorClass kind) {
    return kind == ErrorClass::split_window && !request.pager.is_counted();
}

std::string remedy(ErrorClass kind, const Authenticator& auth) {
    switch (kind) {
    case ErrorClass::refresh_auth:
    case ErrorClass::auth_dead: return auth.remedy();
    case ErrorClass::forbidden_stream:
        return "; give the credential the right to read this, or leave the stream out";
    default: return "";
    }
}

}  // namespace

Requester::Try Requester::react(const Asking& asking, int status, Verdict verdict) {
    escalate(verdict);
    Try result;
    const bool is_told = std::ranges::count(asking.told, verdict.kind) > 0;
    if (verdict.kind == ErrorClass::empty || is_told) {
        result.answer.emplace();
        result.answer->kind = is_told ? verdict.kind : ErrorClass::none;
        result.answer->document = std::make_unique<json::Document>();
        result.answer->status = status;
        return result;
    }
    if (auto reworded = reword(asking, verdict)) return std::move(*reworded);
    return give_up(asking.request, status, verdict);
}

Requester::Try Requester::give_up(const RequestPlan& request, int status, const Verdict& verdict) {
    const auto what = fmt::format("request \"{}\" was answered with {}: {}{}", request.name, status,
                                  to_string(verdict.kind), remedy(verdict.kind, auth_));
    const bool is_slow = is_slow_query(request, verdict.kind);
    const auto kind = is_slow ? FailureKind::transient : failure_kind(verdict.kind);
    Try result;
    result.failure = verdict.wait ? Failure(kind, what, *verdict.wait) : Failure(kind, what);
    // A quota comes back on another day: neither a connection nor a turn is held until then.
    result.may_pass = is_slow || verdict.kind == ErrorClass::transient ||
                      verdict.kind == ErrorClass::throttle_short;
    result.is_dead_credential =
        verdict.kind == ErrorClass::auth_dead || verdict.kind == ErrorClass::refresh_auth;
    result.is_expired = verdict.kind == ErrorClass::refresh_auth;
    result.wait = verdict.wait.value_or(milliseconds{0});
    // What was told to one holds for all who draw on the same limiters.
    if (kind == FailureKind::throttled || kind == FailureKind::transient)
        limits_->pause(request.limiters, result.wait);
    return result;
}

/// A question that is put once more at once, since it asks for less; nullopt: it cannot.
std::optional<Requester::Try> Requester::reword(const Asking& asking, const Verdict& verdict) {
    Try result;
    if (verdict.kind == ErrorClass::drop_field && drop_field(asking, verdict.field)) {
        result.is_reworded = true;
        return result;
    }
    if (verdict.kind != ErrorClass::smaller_page || !halve_limit(asking.request))
        return std::nullopt;
    // The address that a page named asks for as many as before: the chain has to begin again.
    const bool may_restart = std::ranges::count(asking.told, ErrorClass::restart_stream) > 0;
    result.is_reworded = asking.address.empty();
    if (result.is_reworded) return result;
    if (!may_restart) return std::nullopt;
    result.answer.emplace();
    result.answer->kind = ErrorClass::restart_stream;
    return result;
}

bool Requester::drop_field(const Asking& asking, const std::string& field) {
    const auto fields = asking.variables.find("fields");
    if (field.empty() || fields == asking.variables.end() || !asking.address.empty()) return false;
    const auto* wanted = std::get_if<std::vector<std::string>>(&fields->second);
    if (!wanted) return false;
    const auto subject = DroppedFields::subject_of(asking.variables);
    const auto left = dropped_fields_.kept(subject, *wanted);
    // One that we did not ask for, or the last one: there is no better question.
    if (std::ranges::count(left, field) == 0 || left.size() == 1) return false;
    dropped_fields_.drop(subject, field);
    tell(events::field_dropped, {{"request", asking.request.name}, {"field", field}});
    return true;
}

bool Requester::halve_limit(const RequestPlan& request) {
    if (!request.sized) return false;
    auto& limit = smaller_limits_.try_emplace(&request, request.limit).first->second;
    if (limit < 2) return false;
    limit /= 2;
    return true;
}

void Requester::escalate(Verdict& verdict) {
    if (verdict.kind == ErrorClass::empty) throttles_in_a_row_.clear();
    if (!verdict.rule || verdict.rule->escalate == 0) return;
    // Counted over all that is asked of the source: what is used up, is used up for all.
    if (++throttles_in_a_row_[verdict.rule] < verdict.rule->escalate) return;
    verdict.kind = ErrorClass::throttle_quota;
    verdict.wait = std::max(verdict.wait.value_or(milliseconds{0}), verdict.rule->escalated_wait);
}

void Requester::concede(const RequestPlan& request, Variables& variables) const {
    if (const auto smaller = smaller_limits_.find(&request); smaller != smaller_limits_.end())
        variables["limit"] = smaller->second;
    const auto fields = variables.find("fields");
    if (dropped_fields_.empty() || fields == variables.end()) return;
    const auto subject = DroppedFields::subject_of(variables);
    if (auto* wanted = std::get_if<std::vector<std::string>>(&fields->second))
        *wanted = dropped_fields_.kept(subject, *wanted);
}

}  // namespace nudged::sources
