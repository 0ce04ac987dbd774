// SPDX-License-Identifier: Apache-2.0
#include "connectors/base/text.hpp"
#include "connectors/channels/catalog.hpp"
#include "daemon/checks/check.hpp"
#include "daemon/checks/kpi/computed_weeks.hpp"
#include "daemon/config/channel_fields.hpp"
#include "daemon/config/check_fields.hpp"
#include "daemon/config/config.hpp"
#include "daemon/config/daemon_fields.hpp"
#include "daemon/config/paths.hpp"
#include "daemon/config/references.hpp"
#include "daemon/config/route_fields.hpp"
#include "daemon/config/source_fields.hpp"
#include "daemon/config/team_fields.hpp"
#include "daemon/config/template_file.hpp"

#include <algorithm>
#include <map>

namespace nudged::config {
namespace {

namespace fs = std::filesystem;

/// Lays `overrides` over `base`: tables are merged, everything else is replaced. Nodes are moved,
/// since a copy forgets where it came from.
void merge(toml::table& base, toml::table& overrides) {
    for (auto&& [key, node] : overrides) {
        auto* inner = node.as_table();
        auto* there = base.get_as<toml::table>(key.str());
        if (inner && there)
            merge(*there, *inner);
        else
            node.visit(
                [&, &key = key](auto& value) { base.insert_or_assign(key, std::move(value)); });
    }
}

/// KEY=VALUE as TOML; a value that is no TOML is taken for text, since shells eat quotes.
std::optional<toml::table> parse_override(const std::string& text) {
    const auto equals = text.find('=');
    if (equals == text.npos) return std::nullopt;
    const std::string name{override_file};
    Diagnostics ignored;
    if (auto table = parse_toml(text, name, ignored)) return table;
    return parse_toml(text.substr(0, equals + 1) + quote(text.substr(equals + 1)), name, ignored);
}

/// Where each value stands, by its dotted key.
void note_places(const toml::table& table, const Spot& spot, const std::string& prefix,
                 std::map<std::string, Place>& places) {
    for (const auto& [key, node] : table) {
        const auto dotted = prefix + std::string{key.str()};
        if (const auto* inner = node.as_table())
            note_places(*inner, spot, dotted + ".", places);
        else
            places[dotted] = spot.place(node);
    }
}

/// In the order of the files, and in each from top to bottom.
Diagnostics in_order(const Diagnostics& problems) {
    std::map<std::string, std::size_t> files;
    for (const auto& item : problems.items()) files.emplace(item.place.file, files.size());
    auto items = problems.items();
    std::stable_sort(items.begin(), items.end(), [&](const Diagnostic& a, const Diagnostic& b) {
        return std::tuple{files[a.place.file], a.place.line, a.place.column} <
               std::tuple{files[b.place.file], b.place.line, b.place.column};
    });
    Diagnostics sorted;
    for (auto& item : items) {
        const bool is_error = item.severity == Diagnostic::Severity::error;
        const auto add = is_error ? &Diagnostics::error : &Diagnostics::warning;
        (sorted.*add)(std::move(item.place), std::move(item.what), std::move(item.remedy));
    }
    return sorted;
}

/// Reads all files of one configuration.
class Loader {
public:
    Loader(const fs::path& file, Secrets secrets) : secrets_(secrets) {
        config_.file = fs::absolute(file).lexically_normal();
        config_.daemon.state_dir = "/var/lib/nudged";
    }

    /// The main file's paths, whatever else is wrong.
    Paths paths() {
        read_main();
        resolve_paths(config_, problems_);
        return {config_.control_socket_path(), config_.daemon.manifest_dir};
    }

    Loaded load(const std::vector<std::string>& overrides) {
        if (!read_main()) return {nullptr, std::move(problems_)};
        for (const auto& file : files_in("sources.d")) {
            SourceFile one;
            if (read_file(file, one)) config_.sources.push_back(std::move(one.source));
        }
        for (const auto& file : files_in("channels.d")) {
            ChannelFile one;
            if (read_file(file, one)) config_.channels.push_back(std::move(one.channel));
        }
        if (exists("teams.toml")) read_file("teams.toml", config_.roster);
        if (exists("routes.toml")) read_file("routes.toml", config_.alerts.routing);
        KpiFile kpis;
        if (exists("kpis.toml")) read_file("kpis.toml", kpis);
        CriteriaFile criteria;
        if (exists("criteria.toml")) read_file("criteria.toml", criteria);
        read_checks(overrides);
        config_.checks.kpis = std::move(kpis.kpis);
        for (auto& kpi : config_.checks.kpis)
            if (const auto* computed = checks::computed_measure_of(kpi))
                kpi.lower_is_better = computed->lower_is_better;
        // What was reported must not be made ready to count.
        if (!problems_.has_errors())
            config_.checks.measures = warehouse::MeasureList{std::move(kpis.measures)};
        config_.checks.quotas = std::move(kpis.quotas);
        config_.checks.ramp = std::move(kpis.ramp);
        config_.checks.roles = std::move(kpis.roles);
        config_.checks.funnel = std::move(kpis.funnel);
        config_.checks.criteria = std::move(criteria.criteria);
        for (const auto& file : files_in("checks.d")) {
            SqlCheckFile one;
            if (read_file(file, one)) config_.checks.sql_checks.push_back(std::move(one.check));
        }
        read_templates();
        set_expiry();

        resolve_paths(config_, problems_);
        check_references(config_, problems_);
        Loaded loaded{nullptr, in_order(problems_)};
        if (!problems_.has_errors())
            loaded.config = std::make_shared<const Config>(std::move(config_));
        return loaded;
    }

private:
    fs::path folder() const { return config_.file.parent_path(); }

    bool exists(const std::string& name) const {
        std::error_code error;
        return fs::exists(folder() / name, error);
    }

    bool read_main() {
        std::error_code error;
        if (!fs::exists(config_.file, error)) {
            problems_.error({config_.file.string()}, "there is no such file",
                            "name the configuration with -c");
            return false;
        }
        const auto name = config_.file.filename().string();
        const auto table = read_toml(config_.file, name, problems_);
        if (!table) return false;
        Reading reading{name, folder(), problems_, secrets_};
        read_table(*table, Spot{reading, "", ""}, config_.daemon, config_.alerts, config_);
        return true;
    }

    /// One file into one struct; `name` is relative to the configuration's folder.
    template <typename T>
    bool read_file(const std::string& name, T& out) {
        const auto path = folder() / name;
        const auto table = read_toml(path, name, problems_);
        if (!table) return false;
        Reading reading{name, path.parent_path(), problems_, secrets_};
        read_table(*table, Spot{reading, "", ""}, out);
        return true;
    }

    /// The names of the .toml files in a folder, sorted; none when there is no such folder.
    std::vector<std::string> files_in(const std::string& name) {
        std::vector<std::string> files;
        std::error_code error;
        for (auto entry = fs::directory_iterator(folder() / name, error);
             !error && entry != fs::directory_iterator{}; entry.increment(error)) {
            const auto file = entry->path().filename().string();
            if (file.ends_with(".toml") && !file.starts_with('.'))
                files.push_back(name + "/" + file);
        }
        if (error && error != std::errc::no_such_file_or_directory)
            problems_.error({name}, "cannot be read: " + error.message());
        std::sort(files.begin(), files.end());
        return files;
    }

    void set_expiry() {
        const auto everywhere = config_.alerts.expires_after;
        for (const auto& channel : config_.channels) {
            const auto* kind = channels::find_kind(channel.kind);
            auto& expiry = config_.alerts.channel_expiry[channel.name];
            expiry = channel.expires_after;
            if (expiry == expiry.zero()) expiry = everywhere;
            if (expiry == expiry.zero() && kind != nullptr) expiry = kind->patience.expires_after;
        }
    }

    /// A language before those that are laid over it: en.toml before en-US.toml.
    void read_templates() {
        const auto checks = checks::check_ids(config_.checks);
        std::vector<std::string> languages;
        for (const auto& file : files_in("templates"))
            languages.push_back(fs::path{file}.stem().string());
        std::sort(languages.begin(), languages.end());
        for (const auto& language : languages) {
            const auto name = "templates/" + language + ".toml";
            const auto table = read_toml(folder() / name, name, problems_);
            if (!table) continue;
            Reading reading{name, folder() / "templates", problems_, secrets_};
            read_template_file(*table, Spot{reading, "", ""}, language, checks,
                               config_.alerts.texts);
        }
    }

    void read_checks(const std::vector<std::string>& overrides) {
        const std::string name = "checks.toml";
        toml::table table;
        if (exists(name)) {
            auto read = read_toml(folder() / name, name, problems_);
            if (!read) return;
            table = std::move(*read);
        }
        for (const auto& text : overrides) {
            if (auto parsed = parse_override(text))
                merge(table, *parsed);
            else
                problems_.error({std::string{override_file}},
                                fmt::format("\"{}\" is no setting", text),
                                "write KEY=VALUE, such as opp.stalled.multiple=1.5");
        }
        Reading reading{name, folder(), problems_, secrets_};
        note_places(table, Spot{reading, "", ""}, "", config_.check_places);
        read_table(table, Spot{reading, "", ""}, config_.checks);
    }

    Secrets secrets_;
    Config config_;
    Diagnostics problems_;
};

}  // namespace

Loaded load(const fs::path& file, const std::vector<std::string>& overrides, Secrets secrets) {
    return Loader{file, secrets}.load(overrides);
}

Paths find_paths(const fs::path& file) {
    return Loader{file, Secrets::unread}.paths();
}

}  // namespace nudged::config
