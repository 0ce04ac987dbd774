// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/runtime/slack_desk.hpp"
#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/slack_receiver/workspace.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <fmt/format.h>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace nudged::tests {

inline warehouse::RosterPerson person(const char* name, const char* mail) {
    warehouse::RosterPerson made;
    made.name = name;
    made.emails = {mail};
    return made;
}

inline std::string text_at(const std::string& json, const char* pointer) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    const auto* value =
        document.HasParseError() ? nullptr : rapidjson::Pointer(pointer).Get(document);
    return value != nullptr && value->IsString() ? value->GetString() : "";
}

/// Mara's team with Ana, whose deal is idle, which Mara was told; Ben is in another one. On Friday,
/// 20 November.
class SlackOffice {
public:
    SlackOffice() : config_(make_config()), writer_(runtime::writer_options(config_)) {
        slack.add_member("U0MARA", "mara@example.com");
        slack.add_member("U0ANA", "ana@example.com");
        slack.add_member("U0BEN", "ben@example.com");
        slack.add_member("U0LEE", "lee@example.com");
        slack.add_member("U0GUEST", "guest@elsewhere.example");
        writer_.run_blocking([&](warehouse::Database& database) {
            warehouse::apply_roster(database, config_.roster);
            warehouse::Finding finding;
            finding.check = "opp.idle";
            finding.subject = {"opportunity", "crm", "acme", "Acme <b>renewal</b>", ""};
            finding.team = "Outbound";
            const auto ana =
                warehouse::find_own_person(database, config_.roster.teams[0].members[0]);
            finding.owner = *ana;
            finding.summary = "Nobody has been in touch for 12 days.";
            id_ = warehouse::open_finding(database, finding, 1, now);
            id_text_ = finding.fingerprint().substr(0, 10);
            warehouse::mark_notified(database, {&id_, 1}, now);
            warehouse::note_telling(database, {&id_, 1},
                                    {"manager", "managers", "mara@example.com"}, now, "digest");
        });
        const runtime::SlackDesk::Context context{
            .loop = loop_.get_executor(),
            .config = config_,
            .http = http_,
            .writer = writer_,
            .workers = workers_,
            .clock = [this] { return now; },
            .answer =
                [this](const runtime::ControlRequest& request) {
                    return is_stuck ? std::optional{wait_for_ever()}
                                    : runtime::find_care(request, care_);
                },
            .check_again =
                [this](const std::string& source) {
                    checked_again.push_back(source);
                    return checked_again.size() == 1;
                },
            .explain =
                [](const config::Config&, const warehouse::Finding& finding, Instant,
                   alerts::MayAnswer asker) {
                    return "opp.idle (high)\n" + finding.summary + "\n" + finding.subject.name +
                           (asker == alerts::MayAnswer::everything ? "\ntold" : "");
                },
            .on_message = [] {}};
        desk = std::make_unique<runtime::SlackDesk>(
            config_.channels[0], context,
            channels::slack::SocketModeLimits{.back_off_base = std::chrono::milliseconds{1},
                                              .broken_wait = std::chrono::milliseconds{20},
                                              .between_openings = std::chrono::milliseconds{0}});
        desk->start(tasks_);
    }
    ~SlackOffice() {
        auto stopped = boost::asio::co_spawn(loop_, tasks_.stop(), boost::asio::use_future);
        run_until(
            [&] { return stopped.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
        desk.reset();
        workers_.join();
    }

    bool run_until(const std::function<bool()>& is_so) {
        const auto end = std::chrono::steady_clock::now() + patience;
        loop_.restart();
        while (!is_so() && std::chrono::steady_clock::now() < end)
            loop_.run_one_for(std::chrono::milliseconds{50});
        return is_so();
    }

    void send(const std::string& envelope) {
        std::atomic<bool> sent = false;
        std::thread sending([&] {
            if (slack.sockets.wait_for_connections(1)) slack.sockets.send(1, envelope);
            sent = true;
        });
        run_until([&] { return sent.load(); });
        sending.join();
    }
    /// The last call to a method, once there are so many.
    std::string call(const std::string& method, std::size_t count = 1) {
        if (!run_until([&] { return slack.calls(method).size() >= count; })) return "(none)";
        return slack.calls(method).back();
    }
    /// What they are told for a click.
    std::string click(const char* member, const std::string& what) {
        const auto before = slack.calls("response").size();
        const auto id = fmt::format("e{}", ++envelopes_);
        send(slack.click(id, member, fmt::format("finding {} {} 1", what, id_text_)));
        return text_at(call("response", before + 1), "/text");
    }
    std::string type(const char* member, const std::string& text) {
        const auto before = slack.calls("response").size();
        send(slack.command(fmt::format("e{}", ++envelopes_), member, text));
        return text_at(call("response", before + 1), "/text");
    }

    const std::string& short_id() const { return id_text_; }

    std::string answer_kind() {
        std::string kind = "none";
        writer_.run_blocking([&](warehouse::Database& database) {
            const auto answer = warehouse::read_answer(database, id_);
            if (!answer) return;
            kind = fmt::format("{} by {}", to_string(answer->kind), answer->by);
            if (answer->until) kind += " until " + format_instant(*answer->until);
        });
        return kind;
    }
    std::vector<warehouse::Commitment> commitments() {
        std::vector<warehouse::Commitment> all;
        writer_.run_blocking([&](warehouse::Database& database) {
            all = warehouse::read_commitments(database, {});
        });
        return all;
    }
    std::vector<std::string> titles() const {
        std::vector<std::string> all;
        const warehouse::Reader reader(config_.warehouse_path().string());
        for (const auto& row : warehouse::read_outbox(reader))
            all.insert(all.begin(), model::parse_message(row.message).title);
        return all;
    }
    void hand_over_team(const warehouse::RosterPerson& manager) {
        config_.roster.teams[0].manager = manager;
    }
    void move_team(const char* zone) { config_.roster.teams[0].zone = *Zone::find(zone); }
    void finish(std::function<void()> then) {
        boost::asio::co_spawn(loop_, desk->finish(),
                              [then = std::move(then)](std::exception_ptr) { then(); });
    }
    /// From that day on Mara is not there any more.
    void let_mara_go(std::chrono::local_days day) { config_.roster.teams[0].manager.until = day; }
    void resolve() {
        writer_.run_blocking(
            [&](warehouse::Database& database) { warehouse::resolve_finding(database, id_, now); });
    }

    Instant now = *parse_instant("2026-11-20T12:00:00Z");
    slack_receiver::Workspace slack;
    std::unique_ptr<runtime::SlackDesk> desk;
    std::vector<std::string> checked_again;
    bool is_stuck = false;  // what is answered comes to no end

private:
    boost::asio::awaitable<runtime::CareReport> wait_for_ever() {
        co_await never_.async_wait(boost::asio::use_awaitable);
        co_return runtime::CareReport{};
    }
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.admin_channel = "managers";
        auto& channel = config.channels.emplace_back();
        channel.name = "managers";
        channel.kind = "slack_bot";
        channel.audience = channels::Audience::manager;
        channel.kind_options = channels::SlackBotOptions{
            Secret{slack_receiver::Workspace::bot_token}, "", slack.api_url(),
            Secret{slack_receiver::Workspace::app_token}};
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.channel = "managers";
        team.manager = person("Mara Voss", "mara@example.com");
        team.members = {person("Ana Duarte", "ana@example.com")};
        config.roster.teams.push_back(team);
        team.name = "Inbound";
        team.manager = person("Lee Chan", "lee@example.com");
        team.members = {person("Ben Okafor", "ben@example.com")};
        config.roster.teams.push_back(team);
        checks::Kpi dials;
        dials.name = dials.label = dials.measure = "dials";
        dials.targets[""] = 90;
        config.checks.kpis.push_back(std::move(dials));
        return config;
    }

    TempFolder folder_;
    config::Config config_;
    boost::asio::io_context loop_{1};
    boost::asio::steady_timer never_{loop_, boost::asio::steady_timer::time_point::max()};
    net::HttpClient http_{loop_.get_executor()};
    boost::asio::thread_pool workers_{1};
    warehouse::Writer writer_;
    runtime::CareContext care_{
        .config = config_, .writer = writer_, .rules = {}, .workers = workers_, .clock = [this] {
            return now;
        }};
    runtime::TaskGroup tasks_{loop_.get_executor(),
                              [](std::exception_ptr thrown) { std::rethrow_exception(thrown); }};
    warehouse::FindingId id_{};
    std::string id_text_;
    int envelopes_ = 0;
};

}  // namespace nudged::tests
