// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest.hpp"

#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/coaching_rows.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"
#include "connectors/sources/notes.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace nudged::sources {
namespace {

using std::chrono::milliseconds;

const HttpSourceOptions& http_options(const SourceOptions& source) {
    static const HttpSourceOptions none;
    const auto* options = std::get_if<HttpSourceOptions>(&source.connector_options);
    return options ? *options : none;
}

template <typename Map>
std::vector<std::string> keys_of(const Map& map) {
    std::vector<std::string> keys;
    for (const auto& [key, value] : map) keys.push_back(key);
    return keys;
}

}  // namespace

ManifestCompiler::ManifestCompiler(const SourceOptions& source, Diagnostics& problems)
    : source_(source),
      options_(http_options(source)),
      problems_(problems),
      records_(settings_, options_.fields, source_.zone, problems) {}

Manifest ManifestCompiler::compile(const toml::table& table, const std::string& file) {
    TomlTable top{table, file, problems_};
    manifest_.account_zone = source_.zone;
    read_settings(top);
    read_connector(top);
    read_auth(top);
    read_limiters(top);
    read_retry(top);
    if (auto window = top.table("window")) window_ = read_window(*window, window_);
    manifest_.errors = read_error_rules(top, "error");
    read_requests(top);
    read_lookups(top);
    read_streams(top);
    connect_lookups();
    manifest_.scopes = read_scopes(top);
    top.finish();
    choose_scheme();
    check_wanted_streams();
    return std::move(manifest_);
}

void ManifestCompiler::read_settings(TomlTable& top) {
    std::map<std::string, std::string> required;  // and what each is
    if (auto table = top.table("settings")) {
        table->each([&](const std::string& name, const toml::node& value) {
            if (auto text = scalar_text(value)) {
                settings_[name] = std::move(*text);
            } else if (auto inner = value.is_table() ? table->table(name) : std::nullopt) {
                settings_[name];
                required[name] = inner->required_text("required");
                inner->finish();
            } else {
                table->error(name, fmt::format("the default of \"{}\" is not a text", name),
                             "write NAME = \"DEFAULT\", or NAME = { required = \"what it is\" }");
            }
        });
    }
    for (const auto& [name, value] : options_.settings) {
        if (settings_.contains(name))
            settings_[name] = value;
        else
            problems_.error(source_.place, fmt::format("the manifest has no setting \"{}\"", name),
                            hint(name, keys_of(settings_), "settings"));
    }
    for (const auto& [name, what] : required) {
        if (!settings_[name].empty()) continue;
        problems_.error(source_.place,
                        fmt::format("the setting \"{}\" has to be given: {}", name, what),
                        fmt::format("add settings = {{ {} = \"…\" }} to the source", name));
        settings_[name] = "missing";  // so that nothing complains of it once more
    }
    // Settings may name one another; a circle ends here, too.
    const Settings written = settings_;
    for (auto& [name, value] : settings_) {
        const auto place = top.place("settings");
        for (int round = 0; round < 4 && value.find('{') != std::string::npos; ++round)
            value = Template::compile(value, written, place, problems_).text({}).value_or("");
    }
}

std::string ManifestCompiler::plain(TomlTable& table, std::string_view key,
                                    const std::string& otherwise) {
    const auto text = read_template(table.text(key, otherwise), table.place(key)).text({});
    if (!text)
        table.error(key, fmt::format("only settings can stand in \"{}\"", key),
                    "write {settings.NAME}");
    return text.value_or(otherwise);
}

milliseconds ManifestCompiler::duration(TomlTable& table, std::string_view key,
                                        milliseconds otherwise) {
    if (!table.has(key)) return otherwise;
    const auto text = plain(table, key);
    if (const auto duration = parse_duration(text)) return *duration;
    table.error(key, fmt::format("\"{}\" is no duration", key), "write one like \"90s\" or \"2h\"");
    return otherwise;
}

void ManifestCompiler::read_connector(TomlTable& top) {
    auto table = top.table("connector");
    if (!table) {
        top.error("connector", "the table [connector] is missing", "add it with name and base_url");
        return;
    }
    manifest_.name = table->required_text("name");
    table->required_text("base_url");
    manifest_.base_url = plain(*table, "base_url");
    while (manifest_.base_url.ends_with('/')) manifest_.base_url.pop_back();
    if (table->has("base_url") && net::origin_of(manifest_.base_url).empty())
        table->error("base_url", "the base URL is no http(s) address",
                     "write https://HOST, and no more than a path behind it");
    read_nulls(*table);
    table->finish();
}

void ManifestCompiler::check_wanted_streams() {
    std::vector<std::string> known;
    for (const auto& stream : manifest_.streams) known.emplace_back(to_string(stream.entity));
    for (const auto kind : all_coaching_rows)
        if (settings_.contains(std::string{range_setting(kind)}))
            known.emplace_back(to_string(kind));
    if (has_notes_) known.emplace_back(notes_stream);
    for (const auto& name : options_.streams)
        if (std::ranges::count(known, name) == 0)
            problems_.error(source_.place, fmt::format("the manifest has no stream \"{}\"", name),
                            hint(name, known, "streams"));
    for (const auto& [name, own] : options_.fields)
        if (std::ranges::count(known, name) == 0)
            problems_.error(own.place, fmt::format("the manifest has no stream \"{}\"", name),
                            hint(name, known, "streams"));
}

WindowRules ManifestCompiler::read_window(TomlTable& table, WindowRules rules) {
    rules.lag = duration(table, "lag", rules.lag);
    rules.lookback = duration(table, "lookback", rules.lookback);
    rules.deep_lookback = duration(table, "deep_lookback", rules.deep_lookback);
    rules.deep_every = duration(table, "deep_every", rules.deep_every);
    rules.precision = duration(table, "precision", rules.precision);
    rules.by_modified = table.flag("by_modified", rules.by_modified);
    rules.reach = duration(table, "reach", rules.reach);
    constexpr std::int64_t most_rows = 10'000'000;
    rules.max_rows = static_cast<std::uint64_t>(
        table.number("max_rows", static_cast<std::int64_t>(rules.max_rows), 1, most_rows));
    if (rules.precision < milliseconds{1})
        table.error("precision", "the precision is nothing", "write at least \"1ms\"");
    const auto furthest = std::max({rules.lookback, rules.deep_lookback, rules.lag});
    if (rules.reach.count() > 0 && rules.reach <= furthest)
        table.error("reach", "the windows look back further than the CRM remembers",
                    "write less than that for lookback and deep_lookback");
    table.finish();
    return rules;
}

const StreamPlan* Manifest::find(model::Entity entity) const {
    for (const auto& stream : streams)
        if (stream.entity == entity) return &stream;
    return nullptr;
}

std::filesystem::path manifest_file(const std::string& name, const std::string& shipped_folder) {
    const bool is_path = name.find('/') != std::string::npos || name.ends_with(".toml");
    return is_path ? std::filesystem::path{name}
                   : std::filesystem::path{shipped_folder} / (name + ".toml");
}

Manifest compile_manifest(const std::filesystem::path& file, const SourceOptions& source,
                          Diagnostics& problems) {
    const auto table = read_toml(file, file.string(), problems);
    if (!table) return {};
    return ManifestCompiler{source, problems}.compile(*table, file.string());
}

Manifest compile_manifest_text(std::string_view text, const std::string& file,
                               const SourceOptions& source, Diagnostics& problems) {
    const auto table = parse_toml(text, file, problems);
    if (!table) return {};
    return ManifestCompiler{source, problems}.compile(*table, file);
}

}  // namespace nudged::sources
