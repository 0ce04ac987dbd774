// SPDX-License-Identifier: Apache-2.0
#include "tests/adversary/hostile_crm.hpp"

#include "tests/crmsim/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace nudged::adversary {
namespace {

using namespace std::chrono_literals;

constexpr int companies = 20;

/// Ids begin where a double can no longer tell one from the next.
Dataset twenty_companies(Instant now) {
    Dataset data;
    data.owners.push_back({301, "ana@example.com", "Ana", "Duarte", 301, false, ""});
    for (const auto type : {ObjectType::companies, ObjectType::deals})
        data.number_from(type, 9'007'199'254'740'992);
    for (int n = 0; n < companies; ++n) {
        const auto at = now - 30h + n * 1min;
        data.create(ObjectType::companies,
                    {{"name", fmt::format("Globex {}", n)}, {"hubspot_owner_id", "301"}}, at);
        data.create(ObjectType::deals,
                    {{"dealname", fmt::format("Globex {}", n)},
                     {"dealstage", "qualifiedtobuy"},
                     {"pipeline", "default"},
                     {"amount", "12.50"},
                     {"hubspot_owner_id", "301"}},
                    at);
    }
    return data;
}

loopback::Request to_loopback(const tests::Request& request) {
    return {.method = request.method,
            .path = request.target.substr(0, request.target.find('?')),
            .query = request.query,
            .headers = request.headers,
            .body = request.body};
}

tests::Reply from_loopback(loopback::Reply reply) {
    tests::Reply same;
    same.status = reply.status;
    same.headers = std::move(reply.headers);
    same.headers.emplace_back("Content-Type", reply.content_type);
    same.body = std::move(reply.body);
    return same;
}

void walk_lists(rapidjson::Value& value, const std::function<void(rapidjson::Value& record)>& act) {
    if (value.IsObject())
        for (auto& member : value.GetObject()) walk_lists(member.value, act);
    if (!value.IsArray()) return;
    for (auto& element : value.GetArray())
        if (element.IsObject() || element.IsArray()) act(element);
}

}  // namespace

HostileCrm::HostileCrm(const Crm& crm)
    : crm_(crm),
      data_(twenty_companies(bench_.now)),
      simulator_(data_, simulator_options(crm, [this] { return bench_.now.load(); })),
      server_([this](const tests::Request& request) { return answer(request); }) {
    bench_.tokens = {tokens_.path().string(), Secret{"a key of thirty-two bytes or so."}};
    for (const auto& upset : crm.prepared) {
        loopback::Request order;
        order.method = "POST";
        order.path = fmt::format("/_sim/dialect/{}", upset.path);
        order.body = upset.body;
        const auto reply = simulator_.answer(order);
        if (reply.status != 200) throw std::runtime_error(order.path + ": " + reply.body);
    }
    for (const auto type : {ObjectType::companies, ObjectType::deals})
        for (const auto& record : data_.records(type))
            ids_.push_back(crm.external_id(type, record.id));
}

tests::Reply HostileCrm::answer(const tests::Request& request) {
    auto reply = from_loopback(simulator_.answer(to_loopback(request)));
    if (!distort_ || !tells_records(reply)) return reply;
    ++distorted_;
    return distort_(request, std::move(reply));
}

bool HostileCrm::tells_records(const tests::Reply& reply) const {
    return std::ranges::any_of(
        ids_, [&](const auto& id) { return reply.body.find(id) != std::string::npos; });
}

Pulled HostileCrm::pull(Entity entity) {
    const auto source = bench_.source(source_options(bench_, crm_, url()));
    const auto stream = tests::incremental(entity);
    Pulled pulled;
    try {
        for (bool more = true; more;) {
            const auto page = bench_.fetch(*source, stream, pulled.at);
            tests::keep(page, pulled.store);
            pulled.malformed += page.malformed_count;
            pulled.at = page.cursor;
            more = page.more;
        }
    } catch (const Failure& failure) {
        pulled.failure = failure;
    }
    return pulled;
}

Pulled HostileCrm::pull_distorted(Entity entity, Distort distort) {
    distort_ = std::move(distort);
    distorted_ = 0;
    auto pulled = pull(entity);
    distort_ = nullptr;
    return pulled;
}

void each_record(rapidjson::Document& answer,
                 const std::function<void(rapidjson::Value& record)>& act) {
    walk_lists(answer, [&](rapidjson::Value& element) {
        // Some wrap their records once more.
        const bool is_wrapped =
            element.IsObject() && element.HasMember("data") && element["data"].IsObject();
        act(is_wrapped ? element["data"] : element);
    });
}

void each_value(rapidjson::Document& answer,
                const std::function<void(std::string_view name, rapidjson::Value& value)>& act) {
    bool is_header = true;
    each_record(answer, [&](rapidjson::Value& record) {
        if (record.IsObject())
            for (auto& member : record.GetObject()) act(member.name.GetString(), member.value);
        if (!record.IsArray()) return;
        if (!std::exchange(is_header, false))
            for (rapidjson::SizeType i = 0; i < record.Size(); ++i)
                act(i == 0 ? "id" : "cell", record[i]);
    });
}

void each_text(rapidjson::Document& answer,
               const std::function<void(std::string_view name, rapidjson::Value& text)>& act) {
    const std::function<void(std::string_view, rapidjson::Value&)> walk =
        [&](std::string_view name, rapidjson::Value& value) {
            if (value.IsString()) act(name, value);
            if (value.IsObject())
                for (auto& member : value.GetObject()) walk(member.name.GetString(), member.value);
            if (value.IsArray())
                for (auto& element : value.GetArray()) walk(name, element);
        };
    walk("", answer);
}

tests::Reply changed(tests::Reply reply, const std::function<void(rapidjson::Document&)>& change) {
    rapidjson::Document answer;
    answer.Parse(reply.body.data(), reply.body.size());
    if (answer.HasParseError()) return reply;
    change(answer);
    loopback::JsonWriter json;
    answer.Accept(json);
    reply.body = json.str();
    return reply;
}

}  // namespace nudged::adversary
