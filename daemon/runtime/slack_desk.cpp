// SPDX-License-Identifier: Apache-2.0
#include "daemon/runtime/slack_desk.hpp"

#include "connectors/base/events.hpp"
#include "connectors/base/failure.hpp"
#include "connectors/base/on.hpp"
#include "connectors/base/text.hpp"
#include "connectors/channels/slack/dialog.hpp"
#include "daemon/runtime/answer_rights.hpp"
#include "daemon/runtime/language.hpp"
#include "daemon/runtime/slack_command.hpp"
#include "daemon/warehouse/roster_find.hpp"

#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace nudged::runtime {
namespace {

namespace slack = channels::slack;
using alerts::ButtonAction;
using alerts::ButtonClaim;

/// At once, of all people; each takes seconds at most.
constexpr int most_acting = 32;
constexpr int most_turned_away = 32;
/// For those who act when the configuration is read again, or the daemon stops.
constexpr std::chrono::seconds longest_finish{5};
constexpr std::string_view try_again = "That could not be done just now; try again in a minute.";
constexpr std::chrono::days a_week{7};
constexpr std::string_view form_prefix = "form ";

[[noreturn]] void refuse(const std::string& why) {
    throw Failure(FailureKind::refused, why);
}

const channels::SlackBotOptions& bot_of(const channels::ChannelOptions& channel) {
    return std::get<channels::SlackBotOptions>(channel.kind_options);
}

/// What a form carries through Slack and back: the button that opened it, and where to tell what
/// came of it.
std::string form_value(const ButtonClaim& claim, const std::string& response_url) {
    return fmt::format("{}{}\n{}", form_prefix, to_text(claim), response_url);
}

/// Empty where there is none.
std::string response_url_of(const channels::slack::Interaction& interaction) {
    if (interaction.kind != channels::slack::Interaction::Kind::form)
        return interaction.response_url;
    const auto& value = interaction.value;
    return value.substr(std::min(value.size(), value.find('\n') + 1));
}

/// Takes one off the count when it ends, and says so.
class Counted {
public:
    Counted(int& count, asio::steady_timer& ended) : count_(count), ended_(ended) {}
    ~Counted() {
        --count_;
        ended_.cancel();
    }
    Counted(const Counted&) = delete;
    Counted& operator=(const Counted&) = delete;

private:
    int& count_;
    asio::steady_timer& ended_;
};

std::string name_of(const warehouse::StoredFinding& stored) {
    const auto& subject = stored.finding.subject;
    return shorten(subject.name.empty() ? subject.id : subject.name, 80);
}

}  // namespace

SlackDesk::SlackDesk(const channels::ChannelOptions& channel, Context context,
                     slack::SocketModeLimits limits)
    : name_(channel.name),
      context_(std::move(context)),
      web_(bot_of(channel), context_.http),
      socket_(context_.loop, web_, context_.http,
              {.on_interaction = [this](Interaction interaction) { take(std::move(interaction)); },
               .on_connected = [this] { on_connected(); },
               .on_failure = [this](FailureKind kind,
                                    const std::string& why) { on_failure(kind, why); },
               .on_malformed =
                   [this] {
                       tell(events::answer_failed, {{"channel", name_},
                                                    {"kind", to_string(FailureKind::refused)},
                                                    {"why", "Slack sent what is no envelope"}});
                   }},
              limits),
      commitments_(context_.config, web_, context_.clock, context_.answer),
      ended_(context_.loop) {}

void SlackDesk::start(TaskGroup& tasks) {
    tasks_ = &tasks;
    tasks.spawn(socket_.run());
}

asio::awaitable<void> SlackDesk::finish() {
    // Not to be cut short itself, as what it waits for is bounded.
    co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
    const auto end = std::chrono::steady_clock::now() + longest_finish;
    ended_.expires_at(end);
    while (acting_ + turning_away_ > 0 && std::chrono::steady_clock::now() < end) {
        boost::system::error_code woken;
        co_await ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
}

std::string SlackDesk::needs_person() const {
    if (!needs_person_.empty() || !lacks_ || lacks_->empty()) return needs_person_;
    return fmt::format("channel {} cannot answer: {}", name_, *lacks_);
}

void SlackDesk::on_connected() {
    tell(events::socket_connected, {{"channel", name_}});
    needs_person_.clear();
    tasks_->spawn(note_socket(false, {}));
}

void SlackDesk::on_failure(FailureKind kind, const std::string& why) {
    if (kind != FailureKind::needs_person) {
        tell(events::socket_lost, {{"channel", name_}, {"kind", to_string(kind)}, {"reason", why}});
        return;
    }
    if (needs_person_.empty()) tell(events::socket_broken, {{"channel", name_}, {"reason", why}});
    needs_person_ = fmt::format("channel {} takes no answers: {}", name_, why);
    tasks_->spawn(note_socket(true, why));
}

/// What the outbox told last is what the admin knows, across restarts.
asio::awaitable<void> SlackDesk::note_socket(bool is_down, std::string why) {
    alerts::Notice notice;
    notice.about = fmt::format("answers/{}", name_);
    notice.is_down = is_down;
    notice.title = fmt::format("nudged: the channel {} {}", name_,
                               is_down ? "takes no answers" : "takes answers again");
    notice.text =
        is_down ? fmt::format("{}. Messages go out as before, but what people click or type in "
                              "Slack does not arrive. It is tried every five minutes; this is told "
                              "once, and `nudged status` tells how it stands.",
                              why)
                : "What people click or type in Slack arrives as before.";
    co_await tell_admin(std::move(notice));
}

/// Of what the app may not do, though what people click arrives.
asio::awaitable<void> SlackDesk::note_rights(std::string lacks) {
    alerts::Notice notice;
    notice.about = fmt::format("rights/{}", name_);
    notice.is_down = !lacks.empty();
    notice.title = fmt::format("nudged: the channel {} {}", name_,
                               notice.is_down ? "cannot answer" : "can answer again");
    notice.text = notice.is_down
                      ? fmt::format("{}. Messages go out as before, but whoever clicks or types in "
                                    "Slack is told to try again. `nudged status` tells how it "
                                    "stands.",
                                    lacks)
                      : "Slack lets the app do what it refused before.";
    co_await tell_admin(std::move(notice));
}

asio::awaitable<void> SlackDesk::tell_admin(alerts::Notice notice) {
    notice.channel = context_.config.daemon.admin_channel;
    if (notice.channel.empty()) co_return;
    const auto now = context_.clock();
    auto write = [&](warehouse::Database& database) {
        return alerts::enqueue_notice(database, notice, now);
    };
    try {
        if (co_await context_.writer.run(write)) context_.on_message();
    } catch (const Failure& failure) {
        tell(events::delivery_failed, {{"channel", name_}, {"reason", failure.what()}});
    }
}

void SlackDesk::take(Interaction interaction) {
    if (acting_ >= most_acting) {
        tell(events::answer_failed, {{"channel", name_},
                                     {"kind", to_string(FailureKind::throttled)},
                                     {"why", "too many people answer at once"}});
        if (turning_away_ >= most_turned_away) return;
        ++turning_away_;
        tasks_->spawn(turn_away(std::move(interaction)));
        return;
    }
    ++acting_;
    tasks_->spawn(act(std::move(interaction)));
}

/// Whatever comes of it, whoever it was is told, and nothing ends but this.
asio::awaitable<void> SlackDesk::act(Interaction interaction) {
    const Counted acting(acting_, ended_);
    std::optional<Failure> failed;
    std::string said;
    try {
        const auto mail = co_await web_.find_mail(interaction.user);
        if (main_address(context_.config, mail, context_.clock()).empty())
            refuse("You are not on nudged's roster (teams.toml) under the e-mail address that your "
                   "Slack account has; ask your nudged admin.");
        said = co_await answer(interaction, mail);
    } catch (const Failure& failure) {
        failed = failure;
    }
    if (failed && failed->kind() == FailureKind::refused)
        said = slack::whisper(failed->what());
    else if (failed)
        said = slack::whisper(try_again);
    if (failed && failed->kind() != FailureKind::refused)
        tell(events::answer_failed,
             {{"channel", name_}, {"kind", to_string(failed->kind())}, {"why", failed->what()}});
    look_at_rights(!failed);
    co_await reply(interaction, std::move(said));
}

/// It was acknowledged, so that Slack sends it to nobody else.
asio::awaitable<void> SlackDesk::turn_away(Interaction interaction) {
    const Counted turning_away(turning_away_, ended_);
    co_await reply(interaction, slack::whisper(try_again));
}

asio::awaitable<void> SlackDesk::reply(const Interaction& interaction, std::string message) {
    const auto url = response_url_of(interaction);
    if (message.empty() || url.empty()) co_return;
    try {
        co_await web_.respond(url, message);
    } catch (const Failure& failure) {
        tell(events::answer_failed,
             {{"channel", name_}, {"kind", to_string(failure.kind())}, {"why", failure.what()}});
    }
}

/// A scope that is missing is found out when somebody clicks, and nobody but the admin can add it.
void SlackDesk::look_at_rights(bool is_done) {
    const auto lacks = web_.lacks();
    if (lacks.empty() && !is_done) return;
    const bool is_new = !lacks_ || lacks_->empty() != lacks.empty();
    lacks_ = lacks;
    if (is_new) tasks_->spawn(note_rights(lacks));
}

/// What a response_url is given; empty: nothing.
asio::awaitable<std::string> SlackDesk::answer(const Interaction& interaction,
                                               const std::string& mail) {
    std::string reply;
    if (interaction.kind == Interaction::Kind::command) {
        reply = co_await take_command(interaction, mail);
    } else if (interaction.kind == Interaction::Kind::form) {
        reply = co_await take_form(interaction, mail);
    } else if (SlackCommitments::is_answer(interaction.value)) {
        reply = slack::replacement(co_await commitments_.decide(interaction.value, mail));
    } else if (const auto claim = alerts::parse_button(interaction.value)) {
        reply = co_await answer_finding(interaction, *claim, mail);
    } else {
        refuse("This button is not known any more.");
    }
    co_return reply;
}

asio::awaitable<std::string> SlackDesk::take_command(const Interaction& interaction,
                                                     const std::string& mail) {
    const auto text = trim(interaction.value);
    const auto gap = std::min(text.find(' '), text.size());
    std::string said{slack_help()};
    if (to_lower_ascii(text.substr(0, gap)) == "commit") {
        std::string rest{trim(text.substr(gap))};
        said = co_await commitments_.propose(interaction.user, mail, std::move(rest));
    }
    co_return slack::whisper(said);
}

asio::awaitable<std::string> SlackDesk::answer_finding(const Interaction& interaction,
                                                       const ButtonClaim& claim,
                                                       const std::string& mail) {
    const auto found = co_await find(claim, mail);
    const auto& stored = found.stored;
    const auto now = context_.clock();
    std::map<std::string, std::string> arguments{{"id", stored.fingerprint}, {"by", mail}};
    switch (claim.action) {
    case ButtonAction::dispute:
        co_await ask_what_is_wrong(interaction, found, claim, mail);
        co_return std::string{};
    case ButtonAction::why: {
        const auto text = co_await explain(found);
        co_return slack::whisper_lines(text);
    }
    case ButtonAction::recheck: {
        const bool is_begun = context_.check_again(stored.finding.subject.source);
        co_return slack::whisper(fmt::format(
            "{} {}; once it is settled, the message says so.", name_of(stored),
            is_begun ? "is being checked again" : "was checked again less than a minute ago"));
    }
    case ButtonAction::acknowledge: arguments["do"] = "ack"; break;
    case ButtonAction::snooze_facts: arguments["do"] = "snooze"; break;
    case ButtonAction::snooze_week: {
        const auto& zone = warehouse::zone_of_team(context_.config.roster, stored.finding.team);
        arguments["do"] = "snooze";
        arguments["until"] = format_date(zone.local_day(now) + a_week);
        break;
    }
    }
    const auto said = co_await give(std::move(arguments));
    co_return slack::whisper(said);
}

asio::awaitable<std::string> SlackDesk::explain(const Found& found) {
    if (!context_.explain) refuse("Nothing is explained here.");
    const auto now = context_.clock();
    std::string text;
    auto look = [&] {
        text = context_.explain(context_.config, found.stored.finding, now, found.may);
    };
    co_await on(explaining_, look);
    co_return text;
}

asio::awaitable<std::string> SlackDesk::take_form(const Interaction& interaction,
                                                  const std::string& mail) {
    const std::string_view value = interaction.value;
    const auto end = std::min(value.find('\n'), value.size());
    const bool is_ours = value.starts_with(form_prefix);
    const auto claim =
        is_ours ? alerts::parse_button(value.substr(form_prefix.size(), end - form_prefix.size()))
                : std::nullopt;
    if (!claim) refuse("This form is not known any more.");
    const auto found = co_await find(*claim, mail);
    std::map<std::string, std::string> arguments{{"id", found.stored.fingerprint},
                                                 {"by", mail},
                                                 {"do", "dispute"},
                                                 {"reason", clean_line(interaction.text)}};
    const auto said = co_await give(std::move(arguments));
    co_return slack::whisper(said);
}

/// Throws Failure(refused) for one that is over, and for who may not answer it so.
asio::awaitable<SlackDesk::Found> SlackDesk::find(const ButtonClaim& claim,
                                                  const std::string& mail) {
    Found found;
    auto look = [&] {
        const warehouse::Reader reader(context_.config.warehouse_path().string());
        auto stored = warehouse::read_findings(reader, claim.finding);
        const bool is_open = stored.size() == 1 && stored[0].episode.number == claim.episode &&
                             stored[0].episode.state != warehouse::FindingState::resolved;
        if (!is_open) refuse("This is settled already: there is nothing left to answer.");
        const auto may =
            may_answer(context_.config, reader.database(), stored[0], mail, context_.clock());
        if (!may)
            refuse("You cannot answer this one: that is for whoever manages the team, or was told "
                   "of it.");
        const bool silences = claim.action == ButtonAction::acknowledge ||
                              claim.action == ButtonAction::snooze_week ||
                              claim.action == ButtonAction::snooze_facts;
        if (silences && *may != alerts::MayAnswer::everything)
            refuse("This is about you: you can say that it is wrong, and your manager decides the "
                   "rest.");
        found.stored = std::move(stored[0]);
        found.may = *may;
    };
    co_await on(look_ups_, look);
    co_return found;
}

/// Does the command "finding"; what it says.
asio::awaitable<std::string> SlackDesk::give(std::map<std::string, std::string> arguments) {
    const ControlRequest request{.command = "finding", .arguments = std::move(arguments)};
    auto work = context_.answer(request);
    if (!work) refuse("Nothing is known of findings here.");
    const auto report = co_await std::move(*work);
    auto said = fmt::format("{}", fmt::join(report.sentences, " "));
    if (report.status != 0) refuse(said);
    co_return said;
}

asio::awaitable<void> SlackDesk::ask_what_is_wrong(const Interaction& interaction,
                                                   const Found& found, const ButtonClaim& claim,
                                                   const std::string& mail) {
    const auto& texts = texts_of_person(context_.config, mail);
    const slack::Form form{
        .title = texts.fill("answer.dispute_title"),
        .hint = fmt::format("{}: {}", name_of(found.stored), texts.fill("answer.dispute_field")),
        .send = texts.fill("answer.dispute_button"),
        .value = form_value(claim, interaction.response_url)};
    const auto view = slack::form(form);
    co_await web_.open_view(interaction.trigger, view);
}

}  // namespace nudged::runtime
