// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_desk.hpp"

#include "daemon/warehouse/commitments.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "tests/slack_receiver/workspace.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>
#include <rapidjson/document.h>
#include <rapidjson/pointer.h>

#include <atomic>
#include <functional>
#include <future>
#include <thread>

using namespace nudged;
using Catch::Contains;
using slack_receiver::Workspace;

namespace {

namespace asio = boost::asio;

warehouse::RosterPerson person(const char* name, const char* mail) {
    warehouse::RosterPerson made;
    made.name = name;
    made.emails = {mail};
    return made;
}

std::string text_at(const std::string& json, const char* pointer) {
    rapidjson::Document document;
    document.Parse(json.data(), json.size());
    const auto* value =
        document.HasParseError() ? nullptr : rapidjson::Pointer(pointer).Get(document);
    return value != nullptr && value->IsString() ? value->GetString() : "";
}

/// Mara's team with Ana, whose deal is idle, which Mara was told; Ben is in another one. On Friday,
/// 20 November.
class Office {
public:
    Office() : config_(make_config()), writer_(runtime::writer_options(config_)) {
        slack.add_member("U0MARA", "mara@example.com");
        slack.add_member("U0ANA", "ana@example.com");
        slack.add_member("U0BEN", "ben@example.com");
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
                    return runtime::find_care(request, care_);
                },
            .check_again = [this](std::string source) -> asio::awaitable<void> {
                checked_again.push_back(std::move(source));
                co_return;
            },
            .explain =
                [](const config::Config&, const warehouse::Finding& finding, Instant) {
                    return "opp.idle (high)\n" + finding.summary + "\n" + finding.subject.name;
                },
            .on_message = [] {}};
        desk = std::make_unique<runtime::SlackDesk>(
            config_.channels[0], context,
            channels::slack::SocketModeLimits{.back_off_base = std::chrono::milliseconds{1},
                                              .broken_wait = std::chrono::milliseconds{20}});
        desk->start(tasks_);
    }
    ~Office() {
        auto stopped = asio::co_spawn(loop_, tasks_.stop(), asio::use_future);
        run_until(
            [&] { return stopped.wait_for(std::chrono::seconds{0}) == std::future_status::ready; });
        desk.reset();
        workers_.join();
    }

    bool run_until(const std::function<bool()>& is_so) {
        const auto end = std::chrono::steady_clock::now() + tests::patience;
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
    /// From that day on Mara is not there any more.
    void let_mara_go(std::chrono::local_days day) { config_.roster.teams[0].manager.until = day; }
    void resolve() {
        writer_.run_blocking(
            [&](warehouse::Database& database) { warehouse::resolve_finding(database, id_, now); });
    }

    Instant now = *parse_instant("2026-11-20T12:00:00Z");
    Workspace slack;
    std::unique_ptr<runtime::SlackDesk> desk;
    std::vector<std::string> checked_again;

private:
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.admin_channel = "managers";
        auto& channel = config.channels.emplace_back();
        channel.name = "managers";
        channel.kind = "slack_bot";
        channel.audience = channels::Audience::manager;
        channel.kind_options = channels::SlackBotOptions{
            Secret{Workspace::bot_token}, "", slack.api_url(), Secret{Workspace::app_token}};
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

    tests::TempFolder folder_;
    config::Config config_;
    asio::io_context loop_{1};
    net::HttpClient http_{loop_.get_executor()};
    asio::thread_pool workers_{1};
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

}  // namespace

TEST_CASE("a manager's buttons answer the finding that they are below") {
    Office office;
    SECTION("I am at it") {
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("is acknowledged"));
        CHECK(office.answer_kind() == "acknowledged by mara@example.com");
    }
    SECTION("quiet for a week") {
        CHECK_THAT(office.click("U0MARA", "week"), Contains("is silent until 2026-11-27"));
        CHECK(office.answer_kind() == "snoozed by mara@example.com until " +
                                          format_instant(*parse_instant("2026-11-27T00:00:00Z")));
    }
    SECTION("quiet until it changes") {
        CHECK_THAT(office.click("U0MARA", "facts"), Contains("until its facts change"));
        CHECK(office.answer_kind() == "snoozed by mara@example.com");
    }
    SECTION("check again") {
        CHECK_THAT(office.click("U0MARA", "recheck"), Contains("being checked again"));
        CHECK(office.checked_again == std::vector<std::string>{"crm"});
    }
    SECTION("why this") {
        const auto said = office.click("U0MARA", "why");
        CHECK_THAT(said, Contains("opp.idle (high)") && Contains("&lt;b&gt;renewal"));
        CHECK(office.answer_kind() == "none");
    }
}

TEST_CASE("what is wrong is asked in a form, and told to those who judge") {
    Office office;
    office.send(office.slack.click("w1", "U0ANA", "finding wrong " + office.short_id() + " 1"));
    const auto view = office.call("views.open");
    CHECK(text_at(view, "/trigger_id") == "trigger.w1");
    CHECK(text_at(view, "/view/title/text") == "Is this wrong?");
    const auto value = text_at(view, "/view/private_metadata");
    CHECK(office.answer_kind() == "none");
    office.send(office.slack.form("w2", "U0ANA", value, "It was won\non Monday."));
    CHECK_THAT(text_at(office.call("response"), "/text"), Contains("is disputed"));
    CHECK(office.answer_kind() == "disputed by ana@example.com");
    CHECK_FALSE(office.titles().empty());
}

TEST_CASE("who may not answer is told why, and nothing is answered") {
    Office office;
    SECTION("the rep silences nothing") {
        CHECK_THAT(office.click("U0ANA", "ack"), Contains("you can say that it is wrong"));
    }
    SECTION("somebody of another team") {
        CHECK_THAT(office.click("U0BEN", "ack"), Contains("You cannot answer this one"));
        CHECK_THAT(office.click("U0BEN", "why"), Contains("You cannot answer this one"));
    }
    SECTION("somebody who is not on the roster") {
        CHECK_THAT(office.click("U0GUEST", "ack"), Contains("not on nudged's roster"));
    }
    SECTION("a manager who has left") {
        office.let_mara_go(*parse_date("2026-11-20"));
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("not on nudged's roster"));
        CHECK_THAT(office.type("U0MARA", "commit <@U0ANA|ana> 50 dials from 40"),
                   Contains("not on nudged's roster"));
    }
    SECTION("a finding that is over") {
        office.resolve();
        CHECK_THAT(office.click("U0MARA", "ack"), Contains("settled already"));
    }
    CHECK(office.answer_kind() == "none");
}

TEST_CASE("a commitment is kept once the rep has confirmed it") {
    Office office;
    const auto said = office.type("U0MARA", "commit <@U0ANA|ana> 50 dials from 40");
    CHECK_THAT(said, Contains("Ana Duarte is asked: 50 dials in 2026-W48, from 40"));
    const auto asked = office.call("chat.postMessage");
    CHECK(text_at(asked, "/channel") == "U0ANA");
    CHECK_THAT(text_at(asked, "/text"), Contains("mara@example.com proposes: 50 dials"));
    CHECK(office.commitments().empty());
    const auto yes = text_at(asked, "/blocks/1/elements/0/value");
    const auto no = text_at(asked, "/blocks/1/elements/1/value");
    SECTION("confirmed") {
        office.send(office.slack.click("c1", "U0ANA", yes));
        const auto shown = office.call("response", 2);
        CHECK_THAT(shown, Contains("\"replace_original\":true") && Contains("Agreed: 50 dials"));
        CHECK(text_at(office.call("chat.postMessage", 2), "/channel") == "U0MARA");
        const auto kept = office.commitments();
        REQUIRE(kept.size() == 1);
        CHECK(kept[0].promised == 50);
        CHECK(kept[0].baseline == 40);
        CHECK(kept[0].week.str() == "2026-W48");
        CHECK(kept[0].acknowledged);
        // Clicked once more, before the buttons are gone.
        office.send(office.slack.click("c2", "U0ANA", yes));
        office.call("response", 3);
        CHECK(office.commitments().size() == 1);
    }
    SECTION("declined") {
        office.send(office.slack.click("c1", "U0ANA", no));
        CHECK_THAT(office.call("response", 2), Contains("You declined"));
        CHECK_THAT(text_at(office.call("chat.postMessage", 2), "/text"), Contains("declined"));
        CHECK(office.commitments().empty());
    }
    SECTION("by somebody else") {
        office.send(office.slack.click("c1", "U0BEN", yes));
        CHECK_THAT(office.call("response", 2), Contains("for somebody else"));
        CHECK(office.commitments().empty());
    }
    SECTION("when the week is over") {
        office.now = *parse_instant("2026-11-30T00:00:00Z");
        office.send(office.slack.click("c1", "U0ANA", yes));
        CHECK_THAT(office.call("response", 2), Contains("that week is over"));
        CHECK(office.commitments().empty());
    }
}

TEST_CASE("a commitment that is vague, or not theirs to propose, is refused with what to do") {
    Office office;
    CHECK_THAT(office.type("U0MARA", "commit @ana more dials"),
               Contains("not specific enough") && Contains("/nudged commit @\u200Bana 50 dials"));
    CHECK_THAT(office.type("U0MARA", "commit @ana 50 emails from 40"), Contains("no KPI"));
    CHECK_THAT(office.type("U0MARA", "commit @zoe 50 dials from 40"), Contains("no rep"));
    CHECK_THAT(office.type("U0MARA", "commit <@U0BEN> 50 dials from 40"),
               Contains("is not in a team of yours"));
    CHECK_THAT(office.type("U0ANA", "commit @ana 5 dials from 4"),
               Contains("is not in a team of yours"));
    CHECK_THAT(office.type("U0MARA", "help"), Contains("/nudged commit @\u200Bana 50 dials"));
    CHECK(office.slack.calls("chat.postMessage").empty());
}

TEST_CASE("a token that is refused is told to the admin once, and is no secret of the text") {
    Office office;
    REQUIRE(office.run_until([&] { return office.slack.sockets.open_connections() == 1; }));
    office.slack.refuse_connections("token_revoked");
    office.slack.sockets.drop(1);
    REQUIRE(office.run_until([&] { return !office.desk->needs_person().empty(); }));
    CHECK_THAT(office.desk->needs_person(), Contains("channel managers takes no answers") &&
                                                Contains("token_revoked") && !Contains("s3cr3t"));
    const auto tries = office.slack.calls("apps.connections.open").size();
    REQUIRE(office.run_until(
        [&] { return office.slack.calls("apps.connections.open").size() >= tries + 3; }));
    CHECK(office.titles() ==
          std::vector<std::string>{"nudged: the channel managers takes no answers"});
    office.slack.refuse_connections("");
    CHECK(office.run_until([&] { return office.titles().size() == 2; }));
    CHECK(office.desk->needs_person().empty());
}
