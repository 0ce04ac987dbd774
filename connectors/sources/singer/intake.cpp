// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/singer/intake.hpp"

#include "connectors/base/failure.hpp"
#include "connectors/base/text.hpp"
#include "connectors/sources/mapping/decode.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources::singer {
namespace {

constexpr std::size_t records_per_batch = 2000;
constexpr std::size_t bytes_per_batch = 4u << 20;
constexpr std::size_t max_state = 1u << 20;
constexpr std::size_t shown_name = 60;

const json::Path record_path = *json::Path::parse("/record");

/// A name out of a tap, fit to be told.
std::string shown(std::string_view name) {
    return shorten(clean_line(name), shown_name);
}

}  // namespace

Intake::Intake(const Plan& plan, model::Cursor from, std::string run, Instant started,
               std::set<std::string>& told)
    : plan_(plan),
      from_(std::move(from)),
      run_(std::move(run)),
      started_(started),
      told_(told),
      progress_(parse_progress(from_)),
      committed_(progress_) {
    for (const auto& [stream, versions] : progress_.versions) {
        const auto mapped = plan_.streams.find(stream);
        if (versions.open.empty() || mapped == plan_.streams.end()) continue;
        for (const auto& one : mapped->second)
            if (plan_.is_fed_by_one(one.entity)) in_snapshot_.insert(one.entity);
    }
}

void Intake::take(std::string_view bytes) {
    const auto state_before = progress_.state;
    cutter_.feed(bytes, [this](std::string_view line, bool is_cut) { take_line(line, is_cut); });
    const bool is_full = pending_records_ >= records_per_batch || pending_bytes_ >= bytes_per_batch;
    if (is_full || progress_.state != state_before) flush();
}

void Intake::take_line(std::string_view line, bool is_cut) {
    ++lines_;
    if (is_cut) return bad_line(fmt::format("expected lines of at most {} MB", max_line >> 20));
    if (trim(line).empty()) return;
    std::string_view complaint;
    auto message = parse_message(line, complaint);
    if (!message) return bad_line(complaint);
    switch (message->kind) {
    case Message::Kind::schema:
        schemas_[message->stream] = {std::move(message->key_properties)};
        break;
    case Message::Kind::record: take_record(*message, line); break;
    case Message::Kind::state:
        if (message->state.size() > max_state)
            throw Failure(FailureKind::refused, "the tap's STATE is larger than 1 MB");
        progress_.state = std::move(message->state);
        break;
    case Message::Kind::activate_version:
        if (const auto* plans = plans_of(message->stream)) activate(*message, *plans);
        break;
    case Message::Kind::other: break;  // "any message type is permitted"
    }
}

const std::vector<RecordPlan>* Intake::plans_of(const std::string& stream) {
    const auto mapped = plan_.streams.find(stream);
    if (mapped != plan_.streams.end()) return &mapped->second;
    if (told_.insert(stream).second)
        page_of(plan_.entities.front())
            .add_malformed(fmt::format("stream \"{}\"", shown(stream)),
                           "it is not mapped, and left out");
    return nullptr;
}

/// The specification has every record bring its key; a stream without a schema has none.
bool Intake::has_keys(const Message& message, std::string_view stream) {
    const auto schema = schemas_.find(stream);
    if (schema == schemas_.end()) return true;
    for (const auto& key : schema->second.keys) {
        const auto found = message.record->FindMember(key);
        if (found != message.record->MemberEnd() && !found->value.IsNull()) continue;
        page_of(plan_.streams.find(stream)->second.front().entity)
            .add_malformed(fmt::format("line {} of the tap: {}", lines_, shown(key)),
                           "expected a record with its key_properties");
        return false;
    }
    return true;
}

void Intake::take_record(Message& message, std::string_view line) {
    const auto* plans = plans_of(message.stream);
    if (!plans || !has_keys(message, message.stream)) return;
    if (!message.version.empty()) take_version(message, *plans);
    for (const auto& plan : *plans) {
        auto& page = page_of(plan.entity);
        const auto before = page.records.size();
        // A page owns what its records may point into, so every page but one gets a copy.
        const bool is_last = &plan == &plans->back();
        auto& body = page.adopt(is_last ? std::move(message.body) : std::string{line});
        const auto document = is_last ? std::move(message.document) : json::parse(body);
        decode(*document, record_path, plan, page);
        if (message.time_extracted)
            page.fetched_at = std::min(page.fetched_at, *message.time_extracted);
        pending_records_ += page.records.size() - before;
    }
    pending_bytes_ += line.size();
}

/// A version that is neither in force nor being told begins a full table.
void Intake::take_version(const Message& message, const std::vector<RecordPlan>& plans) {
    auto& versions = progress_.versions[message.stream];
    if (message.version == versions.active || message.version == versions.open) return;
    versions.open = message.version;
    for (const auto& plan : plans) {
        if (!plan_.is_fed_by_one(plan.entity)) continue;
        cut(plan.entity);
        in_snapshot_.insert(plan.entity);
        page_of(plan.entity).snapshot->begins = true;
    }
}

/// Only a version whose records were told says what is no longer there. Taps also activate one
/// before its first record, so that a first load can be seen while it runs.
void Intake::activate(const Message& message, const std::vector<RecordPlan>& plans) {
    auto& versions = progress_.versions[message.stream];
    const bool is_told = message.version == versions.open;
    versions.active = message.version;
    if (!is_told) return;
    versions.open.clear();
    for (const auto& plan : plans) {
        if (!in_snapshot_.contains(plan.entity)) continue;
        page_of(plan.entity).snapshot->ends = true;
        cut(plan.entity);
        in_snapshot_.erase(plan.entity);
    }
}

void Intake::bad_line(std::string_view what) {
    page_of(plan_.entities.front())
        .add_malformed(fmt::format("line {} of the tap", lines_), std::string{what});
    if (++bad_lines_ > max_bad_lines)
        throw Failure(FailureKind::refused,
                      fmt::format("more than {} lines of the tap's output are no Singer messages",
                                  max_bad_lines));
}

model::Page& Intake::page_of(model::Entity entity) {
    const auto [found, is_new] = pages_.try_emplace(entity);
    auto& page = found->second;
    if (is_new) {
        page.fetched_at = started_;
        for (const auto other : plan_.entities)
            if (other != plan_.entities.front()) page.also.push_back(other);
        if (in_snapshot_.contains(entity)) {
            page.snapshot = model::Page::Snapshot{};
            page.snapshot->entity = entity;
        }
    }
    return page;
}

void Intake::cut(model::Entity entity) {
    auto page = pages_.extract(entity);
    if (!page.empty()) emit(std::move(page.mapped()), committed_);
}

void Intake::emit(model::Page page, const Progress& progress) {
    page.more = true;
    page.cursor.floor = from_.floor;
    page.cursor.position = render_position(progress, run_, ++pages_made_);
    ready_.push_back(std::move(page));
}

void Intake::flush() {
    if (pages_.empty() && progress_ == committed_) return;
    if (pages_.empty()) page_of(plan_.entities.front());
    while (!pages_.empty()) {
        auto page = pages_.extract(pages_.begin());
        if (pages_.empty()) committed_ = progress_;
        emit(std::move(page.mapped()), committed_);
    }
    pending_bytes_ = pending_records_ = 0;
}

void Intake::finish() {
    cutter_.finish([this](std::string_view line, bool is_cut) { take_line(line, is_cut); });
    page_of(plan_.entities.front());  // a stream ends with a page, be it an empty one
    flush();
    auto& last = ready_.back();
    last.more = false;
    last.cursor = {render_floor(committed_), ""};
}

model::Page Intake::next_page() {
    auto page = std::move(ready_.front());
    ready_.pop_front();
    return page;
}

}  // namespace nudged::sources::singer
