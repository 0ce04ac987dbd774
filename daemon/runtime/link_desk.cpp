// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/link_desk.hpp"

#include "connectors/base/crypto.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "daemon/runtime/language.hpp"
#include "daemon/warehouse/files.hpp"
#include "daemon/warehouse/findings.hpp"
#include "daemon/web/answer_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <utility>

namespace nudged::runtime {
namespace {

using alerts::LinkAction;
using alerts::LinkClaim;
using alerts::Texts;
using std::chrono::days;
using web::AnswerPage;
using web::AnswerReply;

constexpr std::size_t key_digits = 64;
constexpr days shortest_snooze{1}, usual_snooze{7}, longest_snooze{90};

std::string read_key(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    std::string key{std::istreambuf_iterator<char>(file), {}};
    return std::string{trim(key)};
}

/// What a link leads to, as of now; a reason instead when it leads to nothing.
struct Found {
    std::optional<LinkClaim> claim;
    AnswerPage page;
    int status = 200;
};

bool is_known(const config::Config& config, const std::string& person) {
    for (const auto& team : config.roster.teams)
        for (const auto* one : warehouse::persons_of(team))
            if (std::find(one->emails.begin(), one->emails.end(), person) != one->emails.end())
                return true;
    const auto& teams = config.alerts.routing.teams;
    return std::any_of(teams.begin(), teams.end(), [&](const auto& team) {
        return team.cover.email == person || team.escalate_to.email == person;
    });
}

AnswerPage page_of(const Texts& texts, std::string_view what) {
    return {.language = texts.fill("answer.language"),
            .title = texts.fill(fmt::format("answer.{}_title", what)),
            .about = "",
            .summary = "",
            .text = texts.fill(fmt::format("answer.{}_text", what))};
}

/// Blocks: a worker's.
Found find(const LinkContext& context, const std::string& token) {
    const auto signer = make_link_signer(context.config, MakeKey::no);
    auto claim = signer ? signer->open(token, context.clock()) : std::nullopt;
    if (!claim || !is_known(context.config, claim->person))
        return {std::nullopt, page_of(context.config.alerts.texts.in("en"), "dead"), 404};
    const auto& texts = texts_of_person(context.config, claim->person);
    const warehouse::Reader reader(context.config.warehouse_path().string());
    const auto stored = warehouse::read_findings(reader, claim->fingerprint);
    const bool is_open = stored.size() == 1 && stored[0].episode.number == claim->episode &&
                         stored[0].episode.state != warehouse::FindingState::resolved;
    if (!is_open) return {std::nullopt, page_of(texts, "settled"), 200};
    Found found{.claim = std::nullopt, .page = page_of(texts, to_string(claim->action))};
    const auto& subject = stored[0].finding.subject;
    found.page.about = shorten(subject.name.empty() ? subject.id : subject.name, 120);
    found.page.summary = shorten(stored[0].finding.summary, 300);
    found.claim = std::move(claim);
    return found;
}

AnswerReply ask(const LinkContext& context, Found found) {
    const auto& texts = texts_of_person(context.config, found.claim->person);
    const auto action = to_string(found.claim->action);
    found.page.button = texts.fill(fmt::format("answer.{}_button", action));
    if (found.claim->action != LinkAction::acknowledge)
        found.page.field = texts.fill(fmt::format("answer.{}_field", action));
    const auto today = Zone::utc().local_day(context.clock());
    return {200, web::render_question(
                     found.claim->action, found.page, format_date(today + shortest_snooze),
                     format_date(today + longest_snooze), format_date(today + usual_snooze))};
}

ControlRequest request_of(const LinkClaim& claim, const std::string& form) {
    auto fields = web::parse_form(form);
    ControlRequest request{.command = "finding",
                           .arguments = {{"id", claim.fingerprint}, {"by", claim.person}}};
    switch (claim.action) {
    case LinkAction::acknowledge: request.arguments["do"] = "ack"; break;
    case LinkAction::snooze:
        request.arguments["do"] = "snooze";
        request.arguments["until"] = fields["until"];
        break;
    case LinkAction::dispute:
        request.arguments["do"] = "dispute";
        request.arguments["reason"] = clean_line(fields["reason"]);
        break;
    }
    return request;
}

}  // namespace

std::optional<alerts::LinkSigner> make_link_signer(const config::Config& config, MakeKey make) {
    auto url = config.web.public_url;
    if (url.empty()) return std::nullopt;
    while (url.ends_with('/')) url.pop_back();
    const auto path = config.warehouse_path().parent_path() / "links.key";
    auto key = read_key(path);
    if (key.empty() && make == MakeKey::yes) {
        std::filesystem::create_directories(path.parent_path());
        key = crypto::hex(crypto::random_bytes(key_digits / 2));
        warehouse::write_secret_file(path.string(), key + "\n");
    }
    if (key.size() == key_digits)
        return alerts::LinkSigner{std::move(key), std::move(url), config.web.links_last};
    if (make == MakeKey::no) return std::nullopt;
    throw Failure(FailureKind::needs_person,
                  fmt::format("{} holds no key of links: remove it, and a new one is made; links "
                              "that have been sent work no more",
                              path.string()));
}

asio::awaitable<AnswerReply> answer_by_link(const LinkContext& context,
                                            const web::AnswerRequest& request) {
    auto look = [&] { return find(context, request.token); };
    auto found = co_await on(context.workers, look);
    AnswerReply reply{.status = found.status, .html = web::render_result(found.page)};
    if (!found.claim) co_return reply;
    if (!request.is_post) {
        reply = ask(context, std::move(found));
        co_return reply;
    }
    const auto answer = request_of(*found.claim, request.form);
    auto work = context.answer(answer);
    CareReport report;
    if (work) report = co_await std::move(*work);
    const bool is_done = work && report.status == 0;
    const auto& texts = texts_of_person(context.config, found.claim->person);
    found.page.title = texts.fill(is_done ? "answer.done" : "answer.not_done");
    found.page.text = fmt::format("{}", fmt::join(report.sentences, " "));
    reply.status = is_done ? 200 : 422;
    reply.html = web::render_result(found.page);
    co_return reply;
}

}  // namespace nudged::runtime
