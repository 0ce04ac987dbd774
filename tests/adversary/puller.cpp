// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/puller.hpp"

#include "tests/adversary/editor.hpp"

#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

/// Of a window's floor, which alone remembers its last deep look-back.
std::optional<Instant> floor_of(const std::string& floor) {
    constexpr std::string_view name = R"("at":)";
    const auto at = floor.find(name);
    if (at == std::string::npos || floor.find(R"("deep":)") == std::string::npos)
        return std::nullopt;
    std::int64_t millis = 0;
    std::from_chars(floor.data() + at + name.size(), floor.data() + floor.size(), millis);
    return from_millis(millis);
}

std::string_view word_of(Fate fate) {
    switch (fate) {
    case Fate::stored: return "stored";
    case Fate::stored_then_killed: return "stored, then killed";
    case Fate::lost_by_kill: return "killed before it is stored";
    case Fate::stopped: return "killed before it is whole";
    case Fate::lost_by_writer: return "not stored";
    }
    return {};
}

/// Of a cursor, without what depends on the port, which another run does not have again.
std::string shown(const std::string& cursor) {
    auto end = cursor.size();
    for (const auto* part : {R"("token")", R"("mark")", R"("seen")"})
        end = std::min(end, cursor.find(part));
    return cursor.substr(0, end);
}

}  // namespace

std::string name_of(model::Stream stream) {
    return fmt::format("{}/{}", to_string(stream.entity), to_string(stream.lane));
}

Puller::Puller(Account& account, Copy& copy, Log& log, sources::SourceOptions options,
               std::set<Entity> wanted)
    : account_(account),
      copy_(copy),
      log_(log),
      options_(std::move(options)),
      wanted_(std::move(wanted)) {
    kill();
    streams_.assign(source_->streams().begin(), source_->streams().end());
}

void Puller::kill() {
    source_.reset();
    source_ = account_.bench.source(options_);
}

void Puller::begin_anew() {
    log_.add("everything from the beginning");
    copy_.begin_anew();
    for (const auto stream : streams_) pull_turn(stream);
}

void Puller::store(model::Stream stream, const model::Cursor& from, const model::Page& page) {
    const bool may_bury = page.snapshot || stream.lane == model::Lane::deletions;
    const auto buried = may_bury ? copy_.buried(stream.entity) : std::set<std::string>{};
    const auto stored = copy_.store(stream, page, account_.bench.now);
    check_floor(stream, from, page);
    if (may_bury) check_buried(stream, buried);
    if (page.snapshot && page.snapshot->ends) note_refusal(stream, stored.kept);
    if (at_rest_ && stored.changed > 0)
        problems_.push_back(fmt::format("{}: {} records changed, though none has in the CRM",
                                        name_of(stream), stored.changed));
}

/// Of more than twenty records up to a fifth are gone without a question, as the manual says.
void Puller::note_refusal(model::Stream stream, std::uint64_t kept) {
    refused_.erase(stream);
    if (kept == 0) return;
    refused_.insert(stream);
    const auto live = std::ranges::count_if(copy_.rows(stream.entity),
                                            [](const auto& row) { return !row.second.deleted; });
    log_.add(fmt::format("{}: {} of {} records are no longer told, and kept", name_of(stream), kept,
                         live));
    if (live <= 20 || kept * 5 <= static_cast<std::uint64_t>(live))
        problems_.push_back(fmt::format("{}: {} of {} records are kept, which are few enough to go",
                                        name_of(stream), kept, live));
}

Puller::Outcome Puller::pull_page(model::Stream stream, Fate fate) {
    if (has_to_wait(stream)) return {};
    const auto from = copy_.cursor(stream);
    if (from.position.empty()) begun_[stream] = {account_.changes(), visible()};
    account_.count_requests_anew();
    Outcome outcome;
    std::string told;
    try {
        const auto page = account_.bench.fetch(*source_, stream, from);
        outcome.more = page.more;
        told = fmt::format("{} records, {}{}", page.records.size(), word_of(fate),
                           page.more ? "" : ", no more");
        if (fate == Fate::stored || fate == Fate::stored_then_killed) store(stream, from, page);
    } catch (const sources::WalkBroken& broken) {
        copy_.begin_again(stream);
        // In peace the next try is sound; before, what broke the walk may break it again.
        outcome.more = in_peace_;
        outcome.failed = !in_peace_;
        told = broken.what();
    } catch (const Failure& failure) {
        outcome.failed = true;
        told = failure.what();
        note_failure(name_of(stream), failure);
    } catch (const boost::system::system_error& stop) {
        if (fate != Fate::stopped) throw;
        outcome.failed = true;
        told = stop.what();
    }
    if (!in_peace_ || outcome.failed)
        log_.add(fmt::format("pull {} from {} {}: {} requests, {}", name_of(stream),
                             shown(from.floor), shown(from.position), account_.requests(), told));
    if (fate != Fate::stored && fate != Fate::lost_by_writer) kill();
    return outcome;
}

bool Puller::has_to_wait(model::Stream stream) const {
    return stream.lane == model::Lane::backfill &&
           copy_.cursor({stream.entity, model::Lane::incremental}).floor.empty();
}

bool Puller::pull_turn(model::Stream stream) {
    for (int pages = 0; pages < 1000; ++pages) {
        const auto outcome = pull_page(stream, Fate::stored);
        if (outcome.failed) return false;
        if (!outcome.more) return true;
    }
    throw std::runtime_error(
        fmt::format("{} does not end at {}", name_of(stream), copy_.cursor(stream).position));
}

bool Puller::ask_for_all(Entity entity) {
    const auto lacks_it = [&](const Carried& carried) {
        return carried.entity == entity && !carried.by_id;
    };
    if (std::ranges::any_of(account_.crm.entities, lacks_it)) return true;
    std::vector<std::string> ids;
    for (const auto& [id, row] : copy_.rows(entity))
        if (!row.deleted) ids.push_back(id);
    if (ids.empty()) return true;
    log_.add(fmt::format("ask for {} {} records by id", ids.size(), to_string(entity)));
    try {
        copy_.store_records(account_.bench.run(source_->fetch_records(entity, ids)));
        return true;
    } catch (const Failure& failure) {
        note_failure("by id", failure);
        log_.add(failure.what());
        return false;
    }
}

void Puller::note_failure(const std::string& what, const Failure& failure) {
    const bool is_final =
        failure.kind() == FailureKind::needs_person || failure.kind() == FailureKind::corrupt;
    if (is_final || in_peace_) problems_.push_back(what + " failed: " + failure.what());
}

Puller::Visible Puller::visible() const {
    Visible visible;
    for (const auto& carried : account_.crm.entities) {
        if (!wanted_.contains(carried.entity)) continue;
        for (const auto& record : account_.truth().records(carried.type)) {
            const RecordId id{carried.type, record.id};
            const auto& life = account_.life(id);
            const Shown shown{account_.crm, account_.truth(), carried.type, record};
            const bool is_indexed = life.committed + account_.crm.lag <= account_.server_now();
            if (!record.archived && is_indexed && carried.is_this(shown))
                visible[{carried.entity, id}] = life.change;
        }
    }
    return visible;
}

void Puller::check_floor(model::Stream stream, const model::Cursor& from, const model::Page& page) {
    if (stream.lane == model::Lane::sweep) return;   // tells who is there, and no records
    if (stream.lane == model::Lane::relink) return;  // goes by another time than the others
    const bool is_end_of_job =
        account_.crm.loads_by_job && stream.lane == model::Lane::backfill && !page.more;
    auto hi = floor_of(page.cursor.floor);
    if (!hi && is_end_of_job) hi = Instant::max();
    if (!hi || from.floor == page.cursor.floor) return;
    const bool is_first = from.floor.empty();
    Instant lo = floor_of(from.floor).value_or(Instant{});
    const bool is_part = page.cursor.floor.find(R"("span":)") != std::string::npos;
    if (is_first && stream.lane == model::Lane::incremental) {
        if (is_part) return;  // where it began is not told
        lo = *hi - account_.crm.lookback;
    }
    if (*hi < lo && !is_part) problems_.push_back(name_of(stream) + ": the floor goes back");
    check_stored(stream, stream.entity, lo, *hi);
    for (const auto entity : page.also) check_stored(stream, entity, lo, *hi);
}

/// The time by which a walk finds the record. What is told by events is loaded by when it was made.
Instant Puller::told_at(model::Stream stream, Entity entity, RecordId id) const {
    const auto& record = *account_.truth().find(id.first, id.second);
    for (const auto& carried : account_.crm.entities) {
        if (carried.entity != entity || carried.type != id.first) continue;
        const bool is_news = stream.lane == model::Lane::incremental;
        if (carried.by_event) return is_news ? account_.life(id).told : record.created;
        if (carried.by_creation) return record.created;
    }
    return record.modified;
}

/// All that was there when the window began, lies in it, and has not changed since, is stored.
void Puller::check_stored(model::Stream stream, Entity entity, Instant lo, Instant hi) {
    const auto rows = copy_.rows(entity);
    for (const auto& [key, change] : begun_[stream].visible) {
        const auto& id = key.second;
        const auto* record = account_.truth().find(id.first, id.second);
        if (key.first != entity || !record || account_.life(id).change != change) continue;
        const auto told = told_at(stream, entity, id);
        if (told < lo || told >= hi) continue;
        const auto row = rows.find(account_.crm.external_id(id.first, id.second));
        if (row == rows.end() || row->second.deleted)
            problems_.push_back(
                fmt::format("{}: the floor {} is past {}, modified {}, which is not "
                            "stored",
                            name_of(stream), format_instant(hi), name_of(id),
                            format_instant(record->modified)));
    }
}

/// What was there when the walk began, and has not changed since, is not buried by it.
void Puller::check_buried(model::Stream stream, const std::set<std::string>& before) {
    auto fresh = copy_.buried(stream.entity);
    for (const auto& id : before) fresh.erase(id);
    if (fresh.empty()) return;
    const auto& begun = begun_[stream];
    for (const auto& [key, change] : begun.visible) {
        const auto& [type, id] = key.second;
        const auto* record = account_.truth().find(type, id);
        const bool is_there =
            record && !record->archived && account_.life(key.second).change == change;
        if (key.first == stream.entity && is_there &&
            fresh.contains(account_.crm.external_id(type, id)))
            problems_.push_back(fmt::format("{}: {} is buried, and is there", name_of(stream),
                                            name_of(key.second)));
    }
    if (stream.entity != Entity::user) return;
    for (const auto& owner : account_.truth().owners)
        if (!owner.archived && account_.owner_changed(owner.id) <= begun.change &&
            fresh.contains(account_.crm.user_id(owner)))
            problems_.push_back(
                fmt::format("{}: {} is buried, and is there", name_of(stream), owner.email));
}

}  // namespace nudged::adversary
