// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "daemon/cli/new_file.hpp"
#include "daemon/cli/own_child.hpp"
#include "daemon/cli/parser.hpp"
#include "daemon/cli/questions.hpp"
#include "daemon/cli/service_commands.hpp"
#include "daemon/cli/setup_roster.hpp"
#include "daemon/cli/source_command.hpp"
#include "daemon/cli/source_skeleton.hpp"
#include "daemon/cli/source_trial.hpp"
#include "daemon/config/writing.hpp"
#include "daemon/runtime/control.hpp"
#include "daemon/runtime/workplace.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>

namespace nudged::cli {
namespace {

namespace fs = std::filesystem;

/// More pages of users than any organisation of ours has.
constexpr int most_user_pages = 200;

std::string read_text(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>{in}, {}};
}

/// Adds to the end of a file that ships as comments alone; ends the command when it has more.
void append(const fs::path& file, const std::string& text, std::string_view table) {
    const auto there = read_text(file);
    if (("\n" + there).find(fmt::format("\n{}", table)) != std::string::npos)
        give_up(exit_failure,
                fmt::format("{}: has a {} already, and is left as it is", file.string(), table));
    write_new(file, there + text);
}

/// Where the key is set, before any table has begun; npos: nowhere.
std::size_t find_setting(const std::string& text, std::string_view key) {
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find('\n', at), text.size());
        const auto line = trim(std::string_view{text}.substr(at, end - at));
        if (line.starts_with('[')) break;
        if (line.starts_with(key) && trim(line.substr(key.size())).starts_with('=')) return at;
        at = end + 1;
    }
    return std::string::npos;
}

/// In the place of an empty one, or of the comment that shows the default; else as the first
/// setting of the file, where no table has begun.
std::string with_admin_channel(std::string text, const std::string& name) {
    constexpr std::string_view shown = "\n#admin_channel = \"\"\n";
    const auto line = fmt::format("admin_channel = {}\n", config::quote(name));
    if (const auto at = find_setting(text, "admin_channel"); at != std::string::npos) {
        const auto end = text.find('\n', at);
        return text.replace(at, end == std::string::npos ? end : end + 1 - at, line);
    }
    if (const auto at = text.find(shown); at != std::string::npos)
        return text.replace(at + 1, shown.size() - 1, line);
    const auto after_schema = text.starts_with("#:") ? text.find('\n') + 1 : 0;
    return text.insert(after_schema, line);
}

/// Asks, writes, and tries what it has written, from the CRM to the digest.
class Setup {
public:
    /// `settings` of the manifest that are not to be its defaults.
    Setup(Context& context, std::map<std::string, std::string> settings)
        : context_(context),
          folder_(fs::absolute(context.config_file).parent_path()),
          settings_(std::move(settings)) {}

    void run() {
        begin();
        connect();
        const auto colleagues = read_colleagues();
        const auto teams = choose_teams(colleagues);
        const auto channel = choose_channel(teams);
        choose_admin_channel();
        write_teams(teams, colleagues, channel);
        choose_pack();
        finish(teams);
    }

private:
    void begin() {
        const auto paths = config::find_paths(context_.config_file);
        if (runtime::ControlClient::connect(paths.control_socket))
            give_up(exit_failure, "the daemon runs: setup is for a new installation. Stop it first "
                                  "(`systemctl stop nudged`), or add a source with `nudged source "
                                  "new`");
        manifests_ = paths.manifest_dir;
        fmt::print(
            "This connects a CRM, asks who is told about whom, and ends with the first digest "
            "on the screen.\nIt writes files in {} that you can edit later, and changes "
            "nothing in the CRM.\n\n",
            folder_.string());
        const auto loaded = config::load(context_.config_file, {}, config::Secrets::unread);
        if (!loaded.config) give_up(exit_config, loaded.problems.str() + "mend that first");
        has_admin_channel_ = !loaded.config->daemon.admin_channel.empty();
    }

    void connect() {
        fmt::print("Which CRM?\n");
        const auto manifest = ask_.choose("Its number or name", shipped_manifests(manifests_));
        source_ = ask_.ask("What shall it be called", manifest);
        check_is_new(folder_ / "sources.d" / (source_ + ".toml"));
        const auto text = read_shipped(manifest, manifests_);
        const auto needs = needs_of(text);
        for (const auto& [name, what] : needs.settings)
            if (!settings_.contains(name)) settings_[name] = ask_.ask(what);
        for (const auto& name : needs.credentials)
            write_secret(folder_ / (source_ + "." + name),
                         ask_.secret(fmt::format("The credential \"{}\"", name)));
        write_new(
            folder_ / "sources.d" / (source_ + ".toml"),
            with_settings(source_skeleton(source_, manifest, text, folder_.string()), settings_));
    }

    std::vector<Colleague> read_colleagues() {
        const auto sheet =
            ask_.ask("\nWho works for whom: a CSV file with name, email and manager, "
                     "or \"crm\" to ask the CRM",
                     "crm");
        if (sheet != "crm") return colleagues_in_sheet(read_text(sheet));
        const auto config = context_.load(config::Secrets::required);
        const auto& options = source_named(*config, source_);
        runtime::Workplace place;
        net::Capture capture{place.http()};
        const auto source =
            runtime::make_source(options, place.source_context(*config, capture, system_now));
        Trial trial;
        place.run(try_source(
            *source, {.only = {model::Entity::user}, .pages = most_user_pages, .deletions = false},
            capture, trial));
        std::vector<Colleague> colleagues;
        for (const auto& stream : trial.streams) {
            if (stream.failure)
                give_up(exit_failure,
                        fmt::format("the CRM does not tell its users: {}", stream.failure->what()));
            for (auto& one : colleagues_in(stream.pages)) colleagues.push_back(std::move(one));
        }
        fmt::print("{} people are active in the CRM\n", colleagues.size());
        return colleagues;
    }

    std::vector<NewTeam> choose_teams(const std::vector<Colleague>& colleagues) {
        const auto proposed = teams_of(colleagues);
        std::vector<NewTeam> teams;
        for (const auto& team : proposed) {
            std::string names;
            for (const auto& one : team.members)
                names += (names.empty() ? "" : ", ") + (one.name.empty() ? one.email : one.name);
            if (ask_.confirm(fmt::format("{}: {}. Set it up", team.name, names), true))
                teams.push_back(team);
        }
        if (!teams.empty()) return teams;
        for (;;) {
            const auto address =
                to_lower_ascii(ask_.ask("The e-mail address of the manager who gets the digest"));
            if (address.find('@') == address.npos) continue;
            const auto known =
                std::find_if(colleagues.begin(), colleagues.end(),
                             [&](const Colleague& one) { return one.email == address; });
            const auto manager =
                known == colleagues.end() ? Colleague{address, {}, address, {}, {}} : *known;
            auto team = one_team(colleagues, manager);
            std::erase_if(team.members, [&](const Colleague& one) {
                return !ask_.confirm(fmt::format("  {} <{}> is in the team", one.name, one.email),
                                     true);
            });
            return {team};
        }
    }

    std::string choose_channel(const std::vector<NewTeam>& teams) {
        fmt::print("\nWhere do digests go?\n");
        const auto kind = choose_kind();
        if (kind != "file" && teams.size() > 1)
            fmt::print("All teams begin with this one channel; each manager should get a file "
                       "of their own in channels.d soon.\n");
        // What is about one person goes to nobody but their manager.
        return write_channel({.kind = kind,
                              .usual_name = kind == "file" ? "preview" : "managers",
                              .path = "digests.txt",
                              .about = "Where digests go",
                              .audience = "# \"manager\": nobody but the team's manager reads it.\n"
                                          "audience = \"manager\"\n"});
    }

    /// Without one nobody hears of what needs a person, nor of a team that is in shadow.
    void choose_admin_channel() {
        if (has_admin_channel_) return;
        fmt::print("\nWhere are you, the admin, told what nudged needs of you, and what a new team "
                   "would get?\n");
        const auto kind = choose_kind();
        const bool is_shared = ask_.confirm("Do others read along there", kind != "file");
        const auto name =
            write_channel({.kind = kind,
                           .usual_name = "admin",
                           .path = "admin.txt",
                           .about = "Where the admin is told",
                           .audience = fmt::format("# \"manager\": nobody but the admin reads it; "
                                                   "\"shared\": nobody is named there.\n"
                                                   "audience = \"{}\"\n",
                                                   is_shared ? "shared" : "manager")});
        const auto text = with_admin_channel(read_text(context_.config_file), name);
        write_new(context_.config_file, text);
    }

    std::string choose_kind() {
        return ask_.choose("Its number or name", {"slack", "teams", "google_chat", "file"}, "file");
    }

    struct NewChannel {
        std::string kind;
        std::string usual_name;
        std::string path;  // of a file
        std::string about;
        std::string audience;
    };

    std::string write_channel(const NewChannel& channel) {
        const auto name = ask_.ask("What shall the channel be called", channel.usual_name);
        const auto file = folder_ / "channels.d" / (name + ".toml");
        check_is_new(file);
        std::string where;
        if (channel.kind == "file") {
            where = fmt::format("# Beside the warehouse. Another kind is another file here: "
                                "channels.d/*.example.\npath = {}\n",
                                config::quote(channel.path));
        } else {
            const auto secret = folder_ / (name + ".url");
            write_secret(secret, ask_.secret("The URL of its webhook"));
            where = fmt::format("url = {{ file = {} }}\n", config::quote(secret.string()));
        }
        write_new(file, fmt::format("#:schema file:///usr/share/nudged/schema/channel.schema.json\n"
                                    "# {}; docs/channels.md has the other kinds.\n\n"
                                    "[channel]\nname = \"{}\"\nkind = \"{}\"\n{}{}",
                                    channel.about, name, channel.kind, channel.audience, where));
        if (ask_.confirm("Send a test message there", channel.kind != "file") &&
            nudged({"channel", "test", name}) != 0)
            give_up(exit_failure, fmt::format("mend {} and begin again with `nudged channel test "
                                              "{}`",
                                              file.string(), name));
        return name;
    }

    void write_teams(const std::vector<NewTeam>& teams, const std::vector<Colleague>& colleagues,
                     const std::string& channel) {
        std::string usual = "UTC";
        for (const auto& one : colleagues)
            if (Zone::find(one.zone)) usual = one.zone;
        auto zone = ask_.ask("\nTheir time zone", usual);
        while (!Zone::find(zone)) zone = ask_.ask("An IANA name such as Europe/Berlin", usual);
        append(folder_ / "teams.toml", render_teams(teams, zone, channel), "[[team]]");
    }

    /// The manifests lie in share/nudged; the packs beside them, or in the source tree's config.
    void choose_pack() {
        const fs::path share = fs::path{manifests_}.parent_path();
        std::error_code none;
        const auto packs = fs::is_directory(share / "packs", none)
                               ? share / "packs"
                               : share.parent_path() / "config/packs";
        std::vector<std::string> names{"none"};
        for (auto& name : shipped_manifests(packs)) names.push_back(std::move(name));
        if (names.size() == 1) return;
        fmt::print("\nWhich KPIs, to begin with? Each says why it matters; targets are yours to "
                   "set in kpis.toml.\n");
        const auto pack = ask_.choose("Its number or name", names, "none");
        if (pack == "none") return;
        auto text = read_text(packs / (pack + ".toml"));
        text.erase(0, text.find("\n\n"));  // what it says of itself
        append(folder_ / "kpis.toml", text, "[[kpi]]");
    }

    void finish(const std::vector<NewTeam>& teams) {
        if (nudged({"config", "check"}) != 0)
            give_up(exit_config, "what was written has problems; mend them, then `nudged sync`");
        fmt::print("\nReading the CRM for the first time; this may take a while.\n");
        const int synced = nudged({"sync", "--source", source_});
        for (const auto& team : teams) {
            fmt::print("\n--- what {} would get now ---\n\n", team.manager.email);
            nudged({"digest", "--to", team.manager.email});
        }
        tell_of_shadow(teams);
        fmt::print("\nNext: `nudged readiness` shows what the CRM's records can support, and\n"
                   "`systemctl enable --now nudged` lets it go on by itself.\n");
        context_.status = synced == 0 ? exit_ok : exit_failure;
    }

    void tell_of_shadow(const std::vector<NewTeam>& teams) {
        const auto config = context_.load();
        if (!config->alerts.shadow) return;
        fmt::print("\nA new team begins in shadow: what it would get goes to the channel \"{}\" "
                   "alone, and its manager hears nothing. Once that is right:\n",
                   config->daemon.admin_channel);
        for (const auto& team : teams) fmt::print("    nudged go-live \"{}\"\n", team.name);
    }

    int nudged(std::vector<std::string> arguments) {
        const auto config = context_.load();
        arguments.insert(arguments.end(), {"-c", context_.config_file});
        return run_own(arguments, config->daemon.state_dir);
    }

    Context& context_;
    fs::path folder_;
    std::string manifests_;
    std::string source_;
    std::map<std::string, std::string> settings_;
    bool has_admin_channel_ = false;
    Questions ask_;
};

std::pair<std::string, std::string> parse_setting_option(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == text.npos || equals == 0)
        give_up(exit_usage, fmt::format("--setting {}: write KEY=VALUE", text));
    return {text.substr(0, equals), text.substr(equals + 1)};
}

}  // namespace

void add_setup(Parser app, Context& context) {
    auto settings = std::make_shared<std::vector<std::string>>();
    auto command = app.add_subcommand(
        "setup", "Connect a CRM by a few questions, and show the first digest; for a new "
                 "installation");
    command.add_option("--setting", *settings,
                       "KEY=VALUE of the manifest's settings that is not to be the default");
    command.callback([settings, &context] {
        std::map<std::string, std::string> given;
        for (const auto& one : *settings) given.insert(parse_setting_option(one));
        Setup(context, std::move(given)).run();
    });
}

}  // namespace nudged::cli
