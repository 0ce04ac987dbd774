// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/account.hpp"

#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nudged::adversary {
namespace {

using crmsim::all_types;
using crmsim::schema_of;

std::string to_json(const Edit& edit) {
    loopback::JsonWriter json;
    json.StartObject();
    json.member("action", edit.action);
    json.member("object", schema_of(edit.type).name);
    json.member("id", std::to_string(edit.id));
    json.member("modified", format_instant(edit.modified));
    if (edit.into != 0) json.member("into", std::to_string(edit.into));
    json.key("properties");
    json.StartObject();
    for (const auto& [name, value] : edit.properties) {
        json.key(name);
        json.text_or_null(value);
    }
    json.EndObject();
    if (edit.other) {
        json.key("links");
        json.StartObject();
        json.key(schema_of(edit.other->first).name);
        json.StartArray();
        json.text(std::to_string(edit.other->second));
        json.EndArray();
        json.EndObject();
    }
    json.EndObject();
    return json.str();
}

crmsim::SimulatorOptions options_for(const Crm& crm, std::chrono::milliseconds lag, Clock clock) {
    auto options = simulator_options(crm, std::move(clock));
    options.search_lag = lag;
    return options;
}

}  // namespace

Account::Account(tests::HttpBench& used_bench, const Crm& row, Dataset data,
                 std::chrono::milliseconds lag)
    : crm(row),
      bench(used_bench),
      truth_(data),
      server_now_(bench.now.load()),
      server_latest_(bench.now.load()),
      simulator_(std::move(data), options_for(row, lag, [this] { return server_now_.load(); })),
      server_(0, [this](const loopback::Request& request) {
          if (before_answer) before_answer(++requests_);
          return simulator_.answer(request);
      }) {
    for (const auto type : all_types)
        for (const auto& record : truth_.records(type))
            lives_[{type, record.id}] = {record.modified, record.modified, ++changes_, false};
    for (const auto& upset : crm.prepared) order(upset);
}

void Account::skew_server(std::chrono::milliseconds time) {
    const auto now = server_now_.load() + time;
    server_now_ = now;
    server_latest_ = std::max(server_latest_.load(), now);
}

void Account::pass(std::chrono::milliseconds time) {
    skew_server(time);
    skew_ours(time);
}

std::int64_t Account::edit(const Edit& edit) {
    Edit done = edit;
    if (edit.action == "create")
        done.id = truth_.create(edit.type, edit.properties, edit.modified);
    else
        change_truth(edit);
    order("POST", "/_sim/edit", to_json(edit));
    if (edit.action == "create" && edit.other)
        truth_.link(edit.type, done.id, edit.other->first, edit.other->second);
    RecordId id{done.type, done.id};
    note_links(id, done);
    if (edit.action == "forget" || edit.action == "merge") {
        lives_.erase(id);
        forgotten_.insert(id);
    }
    if (edit.action == "forget") return done.id;
    if (edit.action == "merge") {
        merged_[id] = edit.into;
        id.second = edit.into;
    }
    auto& life = lives_[id];
    life.committed = server_now();
    life.change = ++changes_;
    const bool moves = edit.action != "link" && edit.action != "unlink";
    if (moves) life.links_unsure = false;
    if (moves) life.told = life.committed;
    return done.id;
}

void Account::change_owner(const crmsim::Owner& owner) {
    *std::ranges::find(truth_.owners, owner.id, &crmsim::Owner::id) = owner;
    owners_changed_[owner.id] = ++changes_;
    loopback::JsonWriter json;
    json.StartObject();
    json.member("id", std::to_string(owner.id));
    json.member("email", owner.email);
    json.member("archived", owner.archived);
    json.EndObject();
    order("POST", "/_sim/owner", json.str());
}

std::uint64_t Account::owner_changed(std::int64_t owner) const {
    const auto found = owners_changed_.find(owner);
    return found == owners_changed_.end() ? 0 : found->second;
}

void Account::change_truth(const Edit& edit) {
    if (edit.action == "set") truth_.set(edit.type, edit.id, edit.properties, edit.modified);
    if (edit.action == "archive") truth_.archive(edit.type, edit.id, edit.modified);
    if (edit.action == "restore") truth_.restore(edit.type, edit.id, edit.modified);
    const bool vanishes = edit.action == "archive" || edit.action == "restore";
    const bool ends = edit.action == "forget" || edit.action == "merge";
    if (ends || (vanishes && crm.hides_deleted_links)) note_other_ends({edit.type, edit.id}, false);
    if (vanishes && crm.hides_children && edit.type == ObjectType::companies)
        note_other_ends({edit.type, edit.id}, true);
    if (edit.action == "forget") truth_.forget(edit.type, edit.id);
    if (edit.action == "merge") truth_.merge(edit.type, edit.id, edit.into, edit.modified);
    if (!edit.other) return;
    if (edit.action == "unlink")
        truth_.unlink(edit.type, edit.id, edit.other->first, edit.other->second);
    else
        truth_.link(edit.type, edit.id, edit.other->first, edit.other->second);
}

void Account::note_links(RecordId changed, const Edit& edit) {
    if (!edit.other) return;
    note_other_end(*edit.other);
    if (edit.action == "link" || edit.action == "unlink") note_other_end(changed);
}

void Account::note_other_ends(RecordId changed, bool is_sure) {
    for (const auto other : all_types)
        for (const auto id : truth_.linked(changed.first, changed.second, other))
            note_other_end({other, id}, is_sure);
}

/// Its links have changed, and its modified time has not.
void Account::note_other_end(RecordId other, bool is_sure) {
    const auto* record = truth_.find(other.first, other.second);
    if (!record) return;
    auto& life = lives_.at(other);
    life.change = ++changes_;
    const bool is_out_of_reach = record->modified < server_now() - crm.link_reach;
    if (!is_sure && is_out_of_reach) life.links_unsure = true;
}

void Account::order(const Upset& upset) {
    order("POST", fmt::format("/_sim/dialect/{}", upset.path), std::string{upset.body});
}

void Account::order(const std::string& method, const std::string& path, const std::string& body) {
    loopback::Request request;
    request.method = method;
    request.path = path;
    request.body = body;
    const auto reply = simulator_.answer(request);
    if (reply.status != 200)
        throw std::runtime_error(fmt::format("{} {}: {} {}", path, body, reply.status, reply.body));
}

}  // namespace nudged::adversary
