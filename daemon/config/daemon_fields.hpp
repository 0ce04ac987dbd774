// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "daemon/config/config.hpp"
#include "daemon/config/field.hpp"
#include "daemon/config/severity_names.hpp"

/// nudged.toml.
namespace nudged::config {

template <>
inline constexpr auto names<Level> = std::to_array<std::pair<std::string_view, Level>>({
    {"debug", Level::debug},
    {"info", Level::info},
    {"notice", Level::notice},
    {"warning", Level::warning},
    {"error", Level::error},
});

template <>
inline constexpr auto fields<DaemonOptions> = std::tuple{
    field("state_dir", &DaemonOptions::state_dir,
          "where the warehouse lies; $NUDGED_STATE_DIR and systemd's $STATE_DIRECTORY win"),
    field("manifest_dir", &DaemonOptions::manifest_dir,
          "where shipped manifests lie; empty: beside the installed program"),
    field("control_socket", &DaemonOptions::control_socket,
          "what `nudged reload` and the like talk to; empty: nudged.sock in the runtime folder"),
    field("log.level", &DaemonOptions::log_level, "the least level that is logged"),
    field("log.format", &DaemonOptions::log_format,
          "auto (journal priorities under systemd, else text), text or json",
          one_of("auto", "text", "json")),
    field("evaluate_every", &DaemonOptions::evaluate_every,
          "how often the checks run, beside after every sync",
          between(std::chrono::seconds{10}, std::chrono::seconds{86'400})),
    field("admin_channel", &DaemonOptions::admin_channel,
          "the channel that is told, once, when a source needs a person; empty: none"),
    field("heartbeat.url", &DaemonOptions::heartbeat_url,
          "told by a GET after each round of the checks, while nothing needs a person; a secret"),
    field("tokens.key", &DaemonOptions::token_key,
          "what the sources' OAuth tokens are encrypted under; without it, a key in a file beside "
          "them"),
};

template <>
inline constexpr auto fields<alerts::DigestOptions> = std::tuple{
    field<TimeOfDay>("at", &alerts::DigestOptions::at,
                     "when a manager's digest goes out, in the team's zone"),
    field<TimeOfDay>("until", &alerts::DigestOptions::until,
                     "from when on nobody is told anything before the next day"),
    field("every_day", &alerts::DigestOptions::every_day,
          "true: on every day; false: on the team's working days"),
    field("max_items", &alerts::DigestOptions::max_items, "findings in one digest",
          between(1, 100)),
    field("max_per_rep", &alerts::DigestOptions::max_per_rep, "findings about one rep in a digest",
          between(1, 100)),
};

template <>
inline constexpr auto fields<alerts::BriefOptions> = std::tuple{
    field("enabled", &alerts::BriefOptions::enabled,
          "whether each manager gets a brief of the week; false: its first digest does for it"),
    field<TimeOfDay>("at", &alerts::BriefOptions::at, "when it goes out, in the team's zone"),
    field("weekday", &alerts::BriefOptions::weekday,
          "on the first day worked from this one of the week on: 1 is Monday", between(1, 7)),
    field("max_items", &alerts::BriefOptions::max_items, "findings in one brief", between(1, 100)),
    field("max_per_rep", &alerts::BriefOptions::max_per_rep, "findings about one rep in a brief",
          between(1, 100)),
};

template <>
inline constexpr auto fields<alerts::CardOptions> = std::tuple{
    field<TimeOfDay>("at", &alerts::CardOptions::at,
                     "when the cards of a day's 1:1s go out, in the team's zone"),
    field("max_items", &alerts::CardOptions::max_items, "talking points on one card",
          between(1, 20)),
};

template <>
inline constexpr auto fields<alerts::ScrumOptions> = std::tuple{
    field<TimeOfDay>("at", &alerts::ScrumOptions::at,
                     "when the sheet of a day's scrum goes out, in the team's zone"),
};

template <>
inline constexpr auto fields<alerts::AlertOptions> = std::tuple{
    field("digest", &alerts::AlertOptions::digest, "the digest of each manager"),
    field("brief", &alerts::AlertOptions::brief, "the brief of each week"),
    field("card", &alerts::AlertOptions::card, "the card before a 1:1"),
    field("scrum", &alerts::AlertOptions::scrum, "the sheet for a scrum"),
    field("alerts.expires_after", &alerts::AlertOptions::expires_after,
          "what could not be sent by then is given up as too late, in every channel that does not "
          "say otherwise; 0s: as its kind has it (docs/channels.md)",
          between(std::chrono::hours{0}, std::chrono::hours{24 * 30})),
    field("alerts.repeat_after", &alerts::AlertOptions::repeat_after,
          "what nobody has answered is told again after so many working days; 0: never",
          between(0, 365)),
    field("alerts.reopen_days", &alerts::AlertOptions::reopen_days,
          "a finding that comes back within these days is the old one, and is not told again",
          between(0, 365)),
    field("alerts.escalate_after", &alerts::AlertOptions::escalate_after,
          "what the manager has not answered goes to the team's escalate_to after so many working "
          "days; 0: never",
          between(0, 365)),
    field("alerts.escalate_from", &alerts::AlertOptions::escalate_from,
          "the least severity of what is escalated"),
    field("alerts.at_once_a_day", &alerts::AlertOptions::at_once_a_day,
          "how many messages a day a person gets of what a rule has told at once; the rest waits "
          "for the digest",
          between(0, 50)),
    field("alerts.shadow", &alerts::AlertOptions::shadow,
          "new teams and checks are told to the admin alone until `nudged go-live`"),
};

template <>
inline constexpr auto fields<web::WebOptions> = std::tuple{
    field("enabled", &web::WebOptions::enabled, "whether health and metrics are served"),
    field("address", &web::WebOptions::address, "the address that is listened on", not_blank),
    field("port", &web::WebOptions::port, "its port; 0: any free one, told in the log"),
    field("public_url", &web::WebOptions::public_url,
          "where those who get messages reach this server, for links that answer; empty: no such "
          "links"),
    field("links_last", &web::WebOptions::links_last, "how long such a link can be used",
          between(std::chrono::days{1}, std::chrono::days{90})),
};

template <>
inline constexpr auto fields<warehouse::BackupOptions> = std::tuple{
    field("every", &warehouse::BackupOptions::every,
          "how often the daemon makes a backup; \"0s\": never",
          between(std::chrono::seconds{0}, std::chrono::seconds{std::chrono::hours{24 * 365}})),
    field("keep", &warehouse::BackupOptions::keep,
          "how many backups of its own the daemon keeps: the newest", between(1, 1000)),
    field("folder", &warehouse::BackupOptions::folder,
          "where they lie; empty: backups in the state folder"),
};

/// How long something is kept at least; 0 keeps it for ever.
struct KeptAtLeast {
    std::chrono::days min;
    std::string_view why;
    std::optional<Complaint> operator()(std::chrono::days value) const {
        if (value.count() == 0 || value >= min) return std::nullopt;
        return Complaint{fmt::format("must be \"0d\" (for ever) or at least \"{}d\"", min.count()),
                         std::string{why}};
    }
};
inline constexpr KeptAtLeast for_trends{std::chrono::days{200}, "the KPI trends look so far back"};
inline constexpr KeptAtLeast for_stages{std::chrono::days{550},
                                        "how long deals stay in a stage is judged by 18 months"};
inline constexpr KeptAtLeast for_log{std::chrono::days{7}, ""};
inline constexpr KeptAtLeast for_messages{std::chrono::days{30},
                                          "what was sent must not be sent again"};
inline constexpr KeptAtLeast for_coaching{std::chrono::days{200},
                                          "career talks are counted for half a year"};

template <>
inline constexpr auto fields<warehouse::RetentionOptions> = std::tuple{
    field("calls", &warehouse::RetentionOptions::calls, "calls, since they began", for_trends),
    field("tasks", &warehouse::RetentionOptions::tasks,
          "tasks that were done or dropped, since then", for_trends),
    field("meetings", &warehouse::RetentionOptions::meetings, "meetings, since they ended",
          for_trends),
    field("emails", &warehouse::RetentionOptions::emails, "e-mails, since they were sent",
          for_trends),
    field("opportunities", &warehouse::RetentionOptions::opportunities,
          "closed opportunities with their history, since they closed", for_stages),
    field("history", &warehouse::RetentionOptions::history,
          "changes of opportunities that are kept", for_stages),
    field("deleted", &warehouse::RetentionOptions::deleted, "what the CRM no longer has", for_log),
    field("findings", &warehouse::RetentionOptions::findings, "findings, since they were resolved",
          for_messages),
    field("messages", &warehouse::RetentionOptions::messages,
          "messages with nothing more to come of them", for_messages),
    field("runs", &warehouse::RetentionOptions::runs, "the log of turns and evaluations", for_log),
    field("commitments", &warehouse::RetentionOptions::commitments,
          "what was agreed with reps and what came of it, since the end of the week", for_trends),
    field("team_sums", &warehouse::RetentionOptions::team_sums,
          "what removed records came to, per team and week"),
    field("coaching", &warehouse::RetentionOptions::coaching,
          "notes and days off, since then; plans and escalations, since they ended", for_coaching),
};

/// The tables of nudged.toml that have no struct of their own around them.
template <>
inline constexpr auto fields<Config> = std::tuple{
    field("web", &Config::web, "the HTTP server of health and metrics"),
    field("backup", &Config::backup, "copies of the warehouse"),
    field("retention", &Config::retention, "how long what is finished is kept"),
};

}  // namespace nudged::config
