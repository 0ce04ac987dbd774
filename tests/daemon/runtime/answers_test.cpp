// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/finding_desk.hpp"
#include "daemon/runtime/link_desk.hpp"
#include "daemon/warehouse/finding_tellings.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/warehouse/outbox.hpp"
#include "daemon/warehouse/shadow.hpp"
#include "tests/support/process.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <catch2/catch.hpp>

#include <filesystem>

using namespace nudged;
using alerts::LinkAction;
using Catch::Contains;

namespace {

namespace asio = boost::asio;

channels::ChannelOptions channel(const char* name, channels::Audience audience) {
    channels::ChannelOptions made;
    made.name = name;
    made.kind = "file";
    made.audience = audience;
    return made;
}

/// One team, one finding about ana's deal that has been told to ana and to her manager, and a
/// public_url; on Friday, 20 November.
class Office {
public:
    Office() : config_(make_config()), writer_(runtime::writer_options(config_)) {
        writer_.run_blocking([&](warehouse::Database& database) {
            warehouse::Finding finding;
            finding.check = "opp.idle";
            finding.subject = {"opportunity", "crm", "acme", "Acme <b>renewal</b>", ""};
            finding.team = "Outbound";
            finding.summary = "Nobody has been in touch for 12 days.";
            id_ = warehouse::open_finding(database, finding, 1, now);
            fingerprint_ = finding.fingerprint();
            warehouse::mark_notified(database, {&id_, 1}, now);
            for (const auto& [line, channel, who] :
                 {std::tuple{"rep", "mail", "ana@example.com"},
                  std::tuple{"manager", "managers", "mara@example.com"}})
                warehouse::note_telling(database, {&id_, 1}, {line, channel, who}, now, "digest");
        });
        signer_ = runtime::make_link_signer(config_, runtime::MakeKey::yes);
    }
    ~Office() { workers_.join(); }

    std::string token(LinkAction action, const std::string& person, int episode = 1) const {
        const auto url = signer_->url(signer_->claim(action, fingerprint_, episode, person, now));
        return url.substr(url.rfind('/') + 1);
    }
    web::AnswerReply follow(const std::string& token, bool is_post = false,
                            const std::string& form = "") {
        const runtime::CareContext care{.config = config_,
                                        .writer = writer_,
                                        .rules = {},
                                        .workers = workers_,
                                        .clock = [this] { return now; }};
        const runtime::LinkContext context{.config = config_,
                                           .workers = workers_,
                                           .clock = [this] { return now; },
                                           .answer =
                                               [&](const runtime::ControlRequest& request) {
                                                   return runtime::find_care(request, care);
                                               }};
        const web::AnswerRequest request{is_post, token, form};
        auto result =
            asio::co_spawn(loop_, runtime::answer_by_link(context, request), asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }
    runtime::CareReport answer(std::map<std::string, std::string> arguments) {
        arguments["id"] = fingerprint_;
        const runtime::CareContext care{.config = config_,
                                        .writer = writer_,
                                        .rules = {},
                                        .workers = workers_,
                                        .clock = [this] { return now; }};
        const runtime::ControlRequest request{.command = "finding",
                                              .arguments = std::move(arguments)};
        auto result = asio::co_spawn(loop_, *runtime::find_care(request, care), asio::use_future);
        loop_.restart();
        loop_.run();
        return result.get();
    }

    std::string answer_kind() {
        std::string kind = "none";
        writer_.run_blocking([&](warehouse::Database& database) {
            if (const auto answer = warehouse::read_answer(database, id_))
                kind = fmt::format("{} by {}", to_string(answer->kind), answer->by);
        });
        return kind;
    }
    /// "channel recipient: title", the oldest first.
    std::vector<std::string> messages() {
        std::vector<std::string> all;
        const warehouse::Reader reader(config_.warehouse_path().string());
        for (const auto& row : warehouse::read_outbox(reader))
            all.insert(all.begin(), fmt::format("{} {}: {}", row.channel, row.recipient,
                                                model::parse_message(row.message).title));
        return all;
    }
    void resolve() {
        writer_.run_blocking(
            [&](warehouse::Database& database) { warehouse::resolve_finding(database, id_, now); });
    }
    void in_shadow() {
        writer_.run_blocking([&](warehouse::Database& database) {
            warehouse::note_known(database, {"Outbound"}, {}, true, now);
        });
    }
    std::filesystem::path key_file() const {
        return config_.warehouse_path().parent_path() / "links.key";
    }

    Instant now = *parse_instant("2026-11-20T12:00:00Z");

private:
    config::Config make_config() const {
        config::Config config;
        config.daemon.state_dir = folder_.path().string();
        config.daemon.admin_channel = "ops";
        config.web.public_url = "https://nudged.example.com/";
        config.channels = {channel("managers", channels::Audience::manager),
                           channel("mail", channels::Audience::manager),
                           channel("ops", channels::Audience::shared)};
        warehouse::RosterTeam team;
        team.name = "Outbound";
        team.channel = "managers";
        team.manager.emails = {"mara@example.com"};
        team.members.emplace_back().emails = {"ana@example.com"};
        config.roster.teams.push_back(std::move(team));
        return config;
    }

    tests::TempFolder folder_;
    config::Config config_;
    asio::io_context loop_;
    asio::thread_pool workers_{1};
    warehouse::Writer writer_;
    warehouse::FindingId id_{};
    std::string fingerprint_;
    std::optional<alerts::LinkSigner> signer_;
};

}  // namespace

TEST_CASE("a link that is only looked at answers nothing, and its button does") {
    Office office;
    const auto token = office.token(LinkAction::acknowledge, "mara@example.com");
    const auto page = office.follow(token);
    CHECK(page.status == 200);
    CHECK_THAT(page.html, Contains("Acme &lt;b&gt;renewal&lt;/b&gt;") &&
                              Contains("<form method=\"post\">") && !Contains("<b>"));
    CHECK(office.answer_kind() == "none");
    const auto done = office.follow(token, true);
    CHECK(done.status == 200);
    CHECK_THAT(done.html, Contains("is acknowledged") && !Contains("<form"));
    CHECK(office.answer_kind() == "acknowledged by mara@example.com");
}

TEST_CASE("a link snoozes until the day of its form, and no day before tomorrow") {
    Office office;
    const auto token = office.token(LinkAction::snooze, "mara@example.com");
    CHECK_THAT(office.follow(token).html, Contains("min=\"2026-11-21\"") &&
                                              Contains("value=\"2026-11-27\"") &&
                                              Contains("max=\"2027-02-18\""));
    CHECK(office.follow(token, true, "until=2026-11-20").status == 422);
    CHECK(office.follow(token, true, "until=soon").status == 422);
    CHECK(office.answer_kind() == "none");
    CHECK(office.follow(token, true, "until=2026-11-30").status == 200);
    CHECK(office.answer_kind() == "snoozed by mara@example.com");
}

TEST_CASE("a rep who says by a link that it is wrong is heard by the manager and the admin") {
    Office office;
    const auto token = office.token(LinkAction::dispute, "ana@example.com");
    CHECK(office.follow(token, true, "reason=").status == 422);
    CHECK(office.follow(token, true, "reason=We+met+on+Tuesday").status == 200);
    CHECK(office.answer_kind() == "disputed by ana@example.com");
    CHECK(office.messages() ==
          std::vector<std::string>{"managers mara@example.com: ana@example.com says: this is wrong",
                                   "ops : nudged: a finding is disputed"});
    SECTION("they are right: all who were told are corrected") {
        office.now += std::chrono::hours{1};
        const auto report = office.answer(
            {{"do", "dismiss"}, {"reason", "wrong_data"}, {"by", "mara@example.com"}});
        CHECK(report.status == 0);
        const auto all = office.messages();
        REQUIRE(all.size() == 4);
        CHECK(all[2] == "mail ana@example.com: Correction: what was told was wrong");
        CHECK(all[3] == "managers mara@example.com: Correction: what was told was wrong");
    }
    SECTION("it stands") {
        CHECK(office.answer({{"do", "take_back"}, {"by", "mara@example.com"}}).status == 0);
        CHECK(office.answer_kind() == "none");
    }
    SECTION("it can be looked at when it is found no more") {
        office.resolve();
        CHECK(office.answer({{"do", "take_back"}, {"by", "mara@example.com"}}).status == 0);
    }
}

TEST_CASE("while a team is in shadow the admin alone hears of a dispute") {
    Office office;
    office.in_shadow();
    office.answer({{"do", "dispute"}, {"reason", "no"}, {"by", "ana@example.com"}});
    CHECK(office.messages() == std::vector<std::string>{"ops : nudged: a finding is disputed"});
}

TEST_CASE("a link of nobody, of another time or of another episode does nothing") {
    Office office;
    SECTION("forged") {
        auto token = office.token(LinkAction::acknowledge, "mara@example.com");
        token.back() = token.back() == 'A' ? 'B' : 'A';
        CHECK(office.follow(token, true).status == 404);
    }
    SECTION("of somebody who has left") {
        CHECK(
            office.follow(office.token(LinkAction::acknowledge, "lee@example.com"), true).status ==
            404);
    }
    SECTION("past its time") {
        const auto token = office.token(LinkAction::acknowledge, "mara@example.com");
        office.now += std::chrono::days{14};
        CHECK(office.follow(token, true).status == 404);
    }
    SECTION("of another episode") {
        const auto reply =
            office.follow(office.token(LinkAction::acknowledge, "mara@example.com", 2), true);
        CHECK_THAT(reply.html, Contains("nothing left to answer"));
    }
    SECTION("of what is over") {
        const auto token = office.token(LinkAction::acknowledge, "mara@example.com");
        office.resolve();
        CHECK_THAT(office.follow(token, true).html, Contains("nothing left to answer"));
    }
    SECTION("after its key has gone") {
        const auto token = office.token(LinkAction::acknowledge, "mara@example.com");
        std::filesystem::remove(office.key_file());
        CHECK(office.follow(token, true).status == 404);
    }
    CHECK(office.answer_kind() == "none");
}

TEST_CASE("the key of links is nudged's alone, and the same after a restart") {
    Office office;
    CHECK(std::filesystem::status(office.key_file()).permissions() ==
          (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
    CHECK(office.follow(office.token(LinkAction::acknowledge, "mara@example.com")).status == 200);
}
