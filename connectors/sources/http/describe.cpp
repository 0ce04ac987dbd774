// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/describe.hpp"

#include "connectors/base/events.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>

namespace nudged::sources {
namespace {

/// The requests of a stream that list fields.
std::vector<const Call*> calls_with_fields(const StreamPlan& stream) {
    std::vector<const Call*> calls;
    const auto add = [&](const Call& call) {
        if (call.with.contains("fields")) calls.push_back(&call);
    };
    for (const auto& pass : stream.walk.passes) add(pass);
    if (stream.backfill) {
        for (const auto& pass : stream.backfill->walk.passes) add(pass);
        if (stream.backfill->job) add(stream.backfill->job->create);
    }
    if (stream.by_id) add(stream.by_id->call);
    if (stream.history) add(stream.history->call);
    return calls;
}

const std::vector<std::string>& fields_of(const Call& call) {
    return std::get<std::vector<std::string>>(call.with.at("fields"));
}

bool lists_fields(const StreamPlan& stream) {
    return std::ranges::any_of(calls_with_fields(stream),
                               [](const Call* call) { return !fields_of(*call).empty(); });
}

/// Of a nested field ("Owner.Name") the first step decides: descriptions name no more.
bool is_shown(const std::string& field, const std::set<std::string, std::less<>>& shown) {
    constexpr std::string_view of_names =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    if (shown.contains(field)) return true;
    const auto end = field.find_first_not_of(of_names);
    return end != field.npos && shown.contains(field.substr(0, end));
}

/// What is called `name` in the description, under all the names by which it is asked for.
void add_forms(const DescribePlan& plan, std::string_view name,
               std::set<std::string, std::less<>>& names) {
    constexpr std::string_view placeholder = "{name}";
    names.emplace(name);
    for (auto form : plan.forms)
        names.insert(form.replace(form.find(placeholder), placeholder.size(), name));
}

/// All pages of a description. nullopt: the CRM does not tell.
asio::awaitable<std::optional<std::set<std::string, std::less<>>>> read_names(
    const Pull& pull, const DescribePlan& plan) {
    std::set<std::string, std::less<>> names;
    const auto& pager = pull.request_of(plan.call).pager;
    std::optional<PageAt> at{PageAt{}};
    while (at) {
        model::Page page;
        auto asking = asking_for(pull, plan.call, *at);
        asking.told = {ErrorClass::forbidden_stream, ErrorClass::not_found,
                       ErrorClass::bad_request};
        const auto answer = co_await pull.requester.ask(asking, page);
        if (answer.kind != ErrorClass::none) co_return std::nullopt;
        std::size_t rows = 0;
        for (const auto& place : plan.names)
            place.each_value(*answer.document, [&](const json::Value& name) {
                ++rows;
                if (const auto text = json::scalar(&name)) add_forms(plan, *text, names);
            });
        const PageSeen seen{
            .body = *answer.document, .headers = answer.headers, .rows = rows, .last_id = {}};
        at = next_page(pager, *at, seen);
    }
    // No object is without fields: the places are wrong, or the CRM says nothing.
    if (names.empty()) co_return std::nullopt;
    co_return names;
}

}  // namespace

asio::awaitable<void> FieldDiscovery::look(const Pull& pull, const StreamPlan& stream) {
    co_await look_at(pull, stream);
    for (const auto index : stream.feeds) {
        const auto& fed = pull.manifest.streams[index];
        co_await look_at(pull, fed);
    }
}

asio::awaitable<void> FieldDiscovery::look_at(const Pull& pull, const StreamPlan& stream) {
    if (!stream.describe || !lists_fields(stream)) co_return;
    auto& look = looks_[stream.entity];
    const auto now = pull.clock();
    if (now < look.at + stream.describe->every) co_return;
    const auto last = look.at;
    look.at = now;  // lanes run side by side, and one of them may ask
    std::optional<Names> names;
    try {
        names = co_await read_names(pull, *stream.describe);
    } catch (...) {
        look.at = last;
        throw;
    }
    if (names) {
        look.is_refused = false;
        take(pull, stream, *names);
        co_return;
    }
    if (look.is_refused) co_return;
    look.is_refused = true;
    tell(events::fields_unknown, {{"source", source_}, {"stream", to_string(stream.entity)}});
}

void FieldDiscovery::take(const Pull& pull, const StreamPlan& stream, const Names& shown) {
    Names hidden;
    // Several requests are about one subject, and not all of them list the same fields.
    std::map<std::string, std::set<std::string>> by_subject;
    for (const auto* call : calls_with_fields(stream)) {
        auto& of_subject = by_subject[DroppedFields::subject_of(call->with)];
        const auto fields = fields_of(*call);
        std::set<std::string> absent;
        for (const auto& field : fields)
            if (!is_shown(field, shown)) absent.insert(field);
        // Who can see less than half of what is read was told half the truth, more likely.
        if (stream.describe->complete || absent.size() * 2 <= fields.size())
            of_subject.merge(absent);
        hidden.insert(of_subject.begin(), of_subject.end());
    }
    for (auto& [subject, fields] : by_subject)
        pull.requester.dropped_fields().hide(subject, std::move(fields));
    auto& before = looks_[stream.entity].hidden;
    Names gone, back;
    std::ranges::set_difference(hidden, before, std::inserter(gone, gone.end()));
    std::ranges::set_difference(before, hidden, std::inserter(back, back.end()));
    before = std::move(hidden);
    const auto tell_of = [&](const EventKind& kind, const Names& names) {
        if (names.empty()) return;
        tell(kind, {{"source", source_},
                    {"stream", to_string(stream.entity)},
                    {"fields", fmt::format("{}", fmt::join(names, ", "))}});
    };
    tell_of(events::fields_hidden, gone);
    tell_of(events::fields_shown, back);
}

}  // namespace nudged::sources
