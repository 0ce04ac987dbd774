// SPDX-License-Identifier: Apache-2.0
#include "tests/soak/crms.hpp"

#include "tests/crmsim/json.hpp"

#include <cstdlib>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <stdexcept>

namespace nudged::soak {
namespace {

using namespace std::chrono_literals;
using crmsim::Properties;

std::string order_text(const std::string& action, const std::string& object, std::int64_t id,
                       const Properties& properties) {
    loopback::JsonWriter json;
    json.StartObject();
    json.member("action", action);
    json.member("object", object);
    if (id != 0) json.member("id", std::to_string(id));
    json.key("properties");
    json.StartObject();
    for (const auto& [name, value] : properties) {
        json.key(name);
        json.text_or_null(value);
    }
    json.EndObject();
    json.EndObject();
    return json.str();
}

std::vector<std::int64_t> open_deals(const crmsim::Story& story) {
    std::vector<std::int64_t> ids;
    for (const auto& deal : story.open_deals) ids.push_back(deal.id);
    return ids;
}

}  // namespace

Crm::Crm(crmsim::StoryOptions story, const crmsim::SimulatorOptions& options)
    : name_(options.dialect),
      deals_(open_deals(crmsim::tell_story(story))),
      random_(static_cast<std::mt19937::result_type>(story.seed)),
      simulator_(crmsim::tell_story(story).dataset, options),
      server_(0, [this](const loopback::Request& request) { return answer(request); }) {}

loopback::Reply Crm::answer(const loopback::Request& request) {
    switch (outage_.load()) {
    case Outage::none: break;
    case Outage::refuses: return {.status = 503, .content_type = "text/html", .body = "<html>"};
    case Outage::resets: return {.body = "{}", .ending = loopback::Ending::reset};
    case Outage::hangs: return {.body = "{}", .ending = loopback::Ending::silence};
    }
    return simulator_.answer(request);
}

std::string Crm::order(const std::string& path, const std::string& body) {
    loopback::Request request;
    request.method = "POST";
    request.path = path;
    request.body = body;
    auto reply = simulator_.answer(request);
    if (reply.status != 200)
        throw std::runtime_error(fmt::format("{} {}: {}", name_, path, reply.body));
    return reply.body;
}

std::int64_t Crm::create(const std::string& object, const Properties& properties) {
    rapidjson::Document created;
    created.Parse(order("/_sim/edit", order_text("create", object, 0, properties)).c_str());
    return std::strtoll(created["id"].GetString(), nullptr, 10);
}

void Crm::set(const std::string& object, std::int64_t id, const Properties& properties) {
    order("/_sim/edit", order_text("set", object, id, properties));
}

void Crm::work_as(const crmsim::RepStory& rep, Instant now) {
    const auto owner = std::to_string(rep.owner_id);
    const auto calls = std::uniform_int_distribution<>{1, 4}(random_);
    for (int call = 1; call <= calls; ++call)
        create("calls", {{"hubspot_owner_id", owner},
                         {"hs_call_title", fmt::format("Call {} of the day", call)},
                         {"hs_timestamp", format_instant(now - call * 17min)},
                         {"hs_call_duration", std::to_string(call * 40'000)},
                         {"hs_call_status", "COMPLETED"},
                         {"hs_call_direction", "OUTBOUND"}});
    const auto due = now - std::chrono::days{9};
    late_.push_back(create("tasks", {{"hubspot_owner_id", owner},
                                     {"hs_task_subject", "Send what was promised on " +
                                                             format_instant(due).substr(0, 10)},
                                     {"hs_timestamp", format_instant(due)},
                                     {"hs_task_status", "NOT_STARTED"},
                                     {"hs_task_type", "TODO"},
                                     {"hs_task_priority", "NONE"}}));
}

void Crm::work_a_day(Instant now) {
    for (const auto& rep : crmsim::team()) work_as(rep, now);
    while (late_.size() > 2 * crmsim::team().size()) {
        set("tasks", late_.front(),
            {{"hs_task_status", "COMPLETED"}, {"hs_task_completion_date", format_instant(now)}});
        late_.pop_front();
    }
    for (int change = 0; change < 3; ++change) {
        auto which = std::uniform_int_distribution<std::size_t>{0, deals_.size() - 1};
        const auto amount = std::uniform_int_distribution<>{1, 90}(random_)*1000;
        set("deals", deals_[which(random_)],
            {{"amount", std::to_string(amount)},
             {"closedate", format_instant(now + std::chrono::days{20 + amount / 3000})}});
    }
}

}  // namespace nudged::soak
