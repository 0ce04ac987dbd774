// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/references.hpp"

#include "connectors/base/text.hpp"
#include "connectors/channels/catalog.hpp"
#include "connectors/net/url.hpp"
#include "connectors/sources/catalog.hpp"
#include "connectors/sources/coaching_rows.hpp"
#include "connectors/sources/notes.hpp"
#include "daemon/config/figure_references.hpp"
#include "daemon/config/named.hpp"
#include "daemon/config/reading.hpp"
#include "daemon/config/route_references.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace nudged::config {
namespace {

using channels::ChannelOptions;
using warehouse::RosterPerson;
using warehouse::RosterTeam;

/// A connector's or a channel's own check would only repeat what was already said about its file.
bool has_errors_in(const Diagnostics& problems, const std::string& file) {
    return std::any_of(problems.items().begin(), problems.items().end(), [&](const auto& item) {
        return item.severity == Diagnostic::Severity::error && item.place.file == file;
    });
}

/// Credentials go to base_url; in the clear they may only go to this machine.
void check_base_url(const sources::SourceOptions& source, Diagnostics& problems) {
    const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options);
    if (!http || !http->settings.contains("base_url")) return;
    const auto where = net::parse_place(http->settings.at("base_url"));
    if (!where)
        problems.error(source.place, "\"base_url\" is no http(s) URL",
                       "write it as \"https://api.example.com\"");
    else if (where->scheme != "https" && !where->is_loopback())
        problems.error(
            source.place,
            fmt::format("\"base_url\" would send credentials to {} unencrypted", where->host),
            "write https://");
}

/// Whether the manifest that a source names is there; a path to one says so itself.
bool check_manifest(const sources::SourceOptions& source, const std::string& folder,
                    Diagnostics& problems) {
    const auto* http = std::get_if<sources::HttpSourceOptions>(&source.connector_options);
    if (!http || http->manifest.find('/') != std::string::npos) return true;
    std::vector<std::string> shipped;
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator{}; entry.increment(error))
        if (entry->path().extension() == ".toml") shipped.push_back(entry->path().stem().string());
    if (std::find(shipped.begin(), shipped.end(), http->manifest) != shipped.end()) return true;
    std::sort(shipped.begin(), shipped.end());
    problems.error(source.place,
                   fmt::format("there is no manifest \"{}\" in {}", http->manifest, folder),
                   suggest(http->manifest, shipped));
    return false;
}

void check_sources(const Config& config, Diagnostics& problems) {
    if (config.sources.empty())
        problems.warning({config.file.filename().string()}, "there is no source",
                         "copy an example in sources.d to a name that ends in .toml");
    check_unique(config.sources, "source", problems);
    for (const auto& source : config.sources) {
        check_base_url(source, problems);
        if (has_errors_in(problems, source.place.file)) continue;
        if (!check_manifest(source, config.daemon.manifest_dir, problems)) continue;
        if (const auto* connector = sources::find_connector(source.connector))
            connector->check(source, config.daemon.manifest_dir, problems);
        if (!has_errors_in(problems, source.place.file))
            sources::check_coaching_rows(source, config.daemon.manifest_dir, problems);
        if (!has_errors_in(problems, source.place.file))
            sources::check_notes(source, config.daemon.manifest_dir, problems);
    }
}

void check_channels(const Config& config, Diagnostics& problems) {
    check_unique(config.channels, "channel", problems);
    for (const auto& channel : config.channels) {
        if (has_errors_in(problems, channel.place.file)) continue;
        if (const auto* kind = channels::find_kind(channel.kind)) kind->check(channel, problems);
    }
}

void check_admin_channel(const Config& config, Diagnostics& problems) {
    const auto& wanted = config.daemon.admin_channel;
    const auto names = names_of(config.channels);
    if (wanted.empty()) return;
    const auto known = std::find(names.begin(), names.end(), wanted);
    if (known != names.end()) {
        const auto& channel = config.channels[static_cast<std::size_t>(known - names.begin())];
        if (needs_recipient(channel))
            problems.error({config.file.filename().string()},
                           fmt::format("\"admin_channel\" is \"{}\", which writes to the person a "
                                       "message is for, and messages to the admin name nobody",
                                       wanted),
                           "name a channel with an address or a place of its own (\"to\" of mail, "
                           "\"channel\" of a Slack bot)");
        return;
    }
    auto remedy = suggest(wanted, names);
    if (remedy.empty()) remedy = "add a file with that [channel] to channels.d";
    problems.error(
        {config.file.filename().string()},
        fmt::format("\"admin_channel\" names a channel \"{}\" that does not exist", wanted),
        std::move(remedy));
}

void check_team_channel(const RosterTeam& team, const Config& config, Diagnostics& problems) {
    if (team.channel.empty()) return;  // reported as missing
    const auto channel =
        std::find_if(config.channels.begin(), config.channels.end(),
                     [&](const ChannelOptions& one) { return one.name == team.channel; });
    if (channel == config.channels.end()) {
        auto remedy = suggest(team.channel, names_of(config.channels));
        if (remedy.empty()) remedy = "add a file with that [channel] to channels.d";
        problems.error(team.place,
                       fmt::format("team \"{}\" names a channel \"{}\" that does not exist",
                                   team.name, team.channel),
                       std::move(remedy));
    } else if (channel->audience == channels::Audience::shared) {
        problems.error(
            team.place,
            fmt::format("team \"{}\" would send a digest about persons to \"{}\", whose audience "
                        "is shared",
                        team.name, team.channel),
            fmt::format("let only the manager read it and say audience = \"manager\" in {}",
                        channel->place.file));
    }
}

std::string called(const RosterPerson& person) {
    if (!person.name.empty()) return person.name;
    if (!person.emails.empty()) return person.emails.front();
    return person.users.empty() ? "?"
                                : person.users.front().source + "/" + person.users.front().user;
}

void check_link(const warehouse::UserLink& link, const Place& place, const Config& config,
                Diagnostics& problems) {
    const auto sources = names_of(config.sources);
    if (std::find(sources.begin(), sources.end(), link.source) == sources.end())
        problems.error(
            place,
            fmt::format("\"{}/{}\" names a source that does not exist", link.source, link.user),
            suggest(link.source, sources));
}

void check_alias(const warehouse::Alias& alias, const RosterPerson& person, const Config& config,
                 Diagnostics& problems) {
    if (alias.email.empty() != alias.user.has_value())
        problems.error(alias.place,
                       fmt::format("an alias of \"{}\" is one address or one user", called(person)),
                       "write email = \"…\" or user = \"SOURCE/USER ID\"");
    if (alias.user) check_link(*alias.user, alias.place, config, problems);
    if (alias.from && alias.until && *alias.until <= *alias.from)
        problems.error(alias.place,
                       fmt::format("an alias of \"{}\" ends before it begins", called(person)),
                       "\"until\" is the first day on which it is no longer theirs");
}

void check_person(const RosterPerson& person, std::string_view role, const Config& config,
                  Diagnostics& problems) {
    if (person.emails.empty() && person.users.empty())
        problems.error(
            person.place,
            fmt::format("the {} \"{}\" has neither an address nor a user", role, called(person)),
            "add email = \"…\" or users = [\"SOURCE/USER ID\"]");
    for (const auto& link : person.users) check_link(link, person.place, config, problems);
    for (const auto& alias : person.aliases) check_alias(alias, person, config, problems);
    if (person.from && person.until && *person.until <= *person.from)
        problems.error(person.place,
                       fmt::format("\"{}\" leaves the team before joining it", called(person)),
                       "\"until\" is the first day no longer in the team");
}

/// Days in which an address or a user is said to be somebody's.
struct Claim {
    std::string team;
    std::optional<std::chrono::local_days> from, until;

    bool overlaps(const Claim& other) const {
        const bool before = until && other.from && *until <= *other.from;
        const bool after = other.until && from && *other.until <= *from;
        return !before && !after;
    }
};

/// Every address and user of a person belongs to one member of one team at a time.
void check_members_unique(const std::vector<RosterTeam>& teams, Diagnostics& problems) {
    std::map<std::string, std::vector<Claim>> claims;
    const auto add = [&](const std::string& id, const Claim& claim, const Place& place,
                         std::string_view remedy) {
        for (const auto& other : claims[id])
            if (claim.overlaps(other))
                return problems.error(
                    place, fmt::format("\"{}\" is already a member of \"{}\"", id, other.team),
                    std::string{remedy});
        claims[id].push_back(claim);
    };
    for (const auto& team : teams)
        for (const auto& member : team.members) {
            const Claim whole{team.name, member.from, member.until};
            auto ids = member.emails;
            for (const auto& link : member.users) ids.push_back(link.source + "/" + link.user);
            for (const auto& id : ids)
                add(id, whole, member.place,
                    "a person is one member of one team at a time: say from and until");
            for (const auto& alias : member.aliases)
                add(alias.user ? alias.user->source + "/" + alias.user->user : alias.email,
                    {team.name, alias.from, alias.until}, alias.place,
                    "what is two people's one after the other has from and until at both");
        }
}

void check_team_language(const RosterTeam& team, const Config& config, Diagnostics& problems) {
    if (config.alerts.texts.has(team.language)) return;
    problems.error(
        team.place,
        fmt::format("team \"{}\": there is no language \"{}\"", team.name, team.language),
        fmt::format("write templates/{}.toml, or take \"en\"", team.language));
}

void check_successor(const RosterTeam& team, Diagnostics& problems) {
    if (!team.manager.until) return;
    problems.warning(
        team.place,
        fmt::format("team \"{}\" has no manager from {} on, and its messages wait", team.name,
                    format_date(*team.manager.until)),
        "name the successor in [team.manager], and who it was in [[team.past_manager]]");
}

void check_teams(const Config& config, Diagnostics& problems) {
    const auto& teams = config.roster.teams;
    if (teams.empty())
        problems.warning({"teams.toml"}, "there is no team, so nobody is told anything",
                         "add a [[team]] with a manager, a channel and members");
    check_unique(teams, "team", problems);
    for (const auto& team : teams) {
        check_team_channel(team, config, problems);
        check_team_language(team, config, problems);
        check_successor(team, problems);
        if (team.manager.place.line > 0) check_person(team.manager, "manager", config, problems);
        for (const auto& manager : team.past_managers)
            check_person(manager, "past manager", config, problems);
        for (const auto& member : team.members) check_person(member, "member", config, problems);
    }
    check_members_unique(teams, problems);
}

void check_criteria(const Config& config, Diagnostics& problems) {
    check_unique(config.checks.criteria, "criterion", problems);
    for (const auto& criterion : config.checks.criteria) {
        const bool is_field = criterion.evidence == checks::Evidence::field;
        if (is_field == criterion.field.empty())
            problems.error(
                criterion.place,
                is_field ? fmt::format("the criterion \"{}\" names no field", criterion.name)
                         : fmt::format("the criterion \"{}\" is not about a field", criterion.name),
                is_field ? "add field = \"…\"" : "write evidence = \"field\"");
    }
}

/// Names in checks.toml that must be those of a team or a source.
void check_check_options(const Config& config, Diagnostics& problems) {
    const auto teams = names_of(config.roster.teams);
    const auto sources = names_of(config.sources);
    for (const auto& one : config.checks.overrides)
        if (!one.scope.team.empty() &&
            std::find(teams.begin(), teams.end(), one.scope.team) == teams.end())
            problems.error(one.place,
                           fmt::format("an [[override]] is for a team \"{}\" that does not exist",
                                       one.scope.team),
                           suggest(one.scope.team, teams));
    const auto require_source = [&](const std::string& source, std::string_view key,
                                    const std::string& value) {
        if (std::find(sources.begin(), sources.end(), source) == sources.end())
            problems.error(
                {"checks.toml"},
                fmt::format("\"{}\" in {} names a source that does not exist", value, key),
                suggest(source, sources));
    };
    for (const auto& user : config.checks.integration_users)
        if (user.find('/') != user.npos)  // else it has been told already
            require_source(user.substr(0, user.find('/')), "integration_users", user);
    for (const auto& source : config.checks.opp_close_default.sources)
        require_source(source, "opp.close_default.sources", source);
}

}  // namespace

void check_references(const Config& config, Diagnostics& problems) {
    check_sources(config, problems);
    check_channels(config, problems);
    check_admin_channel(config, problems);
    check_teams(config, problems);
    check_figures(config, problems);
    check_criteria(config, problems);
    check_check_options(config, problems);
    check_routing(config, problems);
}

}  // namespace nudged::config
