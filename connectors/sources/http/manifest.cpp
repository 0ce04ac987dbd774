// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/http/manifest.hpp"

#include "connectors/base/text.hpp"
#include "connectors/net/http.hpp"
#include "connectors/sources/http/manifest_compiler.hpp"

#include <fmt/format.h>

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
    read_errors(top);
    read_requests(top);
    read_streams(top);
    top.finish();
    check_credentials();
    check_wanted_streams();
    return std::move(manifest_);
}

void ManifestCompiler::read_settings(TomlTable& top) {
    if (auto table = top.table("settings")) {
        table->each([&](const std::string& name, const toml::node& value) {
            if (auto text = scalar_text(value))
                settings_[name] = std::move(*text);
            else
                table->error(name, fmt::format("the default of \"{}\" is not a text", name));
        });
    }
    for (const auto& [name, value] : options_.settings) {
        if (settings_.contains(name))
            settings_[name] = value;
        else
            problems_.error(source_.place, fmt::format("the manifest has no setting \"{}\"", name),
                            hint(name, keys_of(settings_), "settings"));
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
    table->finish();
}

void ManifestCompiler::read_auth(TomlTable& top) {
    auto table = top.table("auth");
    if (!table) return;  // an open source needs none
    const auto kind = table->required_text("kind");
    if (kind == "bearer") {
        const auto credential = table->text("credential", "token");
        manifest_.auth.push_back({"Authorization", "Bearer ", credential, ""});
    } else if (kind == "header") {
        constexpr std::string_view opening = "{credential.";
        const auto value = table->required_text("value");
        const auto begin = value.find(opening);
        const auto end = begin == std::string::npos ? begin : value.find('}', begin);
        if (end == std::string::npos)
            table->error("value", "the header's value names no credential",
                         "write it like \"Token {credential.token}\"");
        else
            manifest_.auth.push_back(
                {table->required_text("name"), value.substr(0, begin),
                 value.substr(begin + opening.size(), end - begin - opening.size()),
                 value.substr(end + 1)});
    } else {
        table->error("kind", fmt::format("unknown kind of authentication \"{}\"", kind),
                     hint(kind, {"bearer", "header"}, "kinds"));
    }
    table->finish();
}

void ManifestCompiler::check_credentials() {
    std::vector<std::string> known;
    for (const auto& header : manifest_.auth) {
        known.push_back(header.credential);
        // An empty one was named, and not looked at: who needs it has been told already.
        if (!options_.credentials.contains(header.credential))
            problems_.error(
                source_.place, fmt::format("the credential \"{}\" is missing", header.credential),
                fmt::format("give it under credentials, such as {} = {{ file = \"…\" }}",
                            header.credential));
    }
    for (const auto& [name, secret] : options_.credentials)
        if (std::ranges::count(known, name) == 0)
            problems_.error(source_.place,
                            fmt::format("the manifest has no credential \"{}\"", name),
                            hint(name, known, "credentials"));
}

void ManifestCompiler::check_wanted_streams() {
    std::vector<std::string> known;
    for (const auto& stream : manifest_.streams) known.emplace_back(to_string(stream.entity));
    for (const auto& name : options_.streams)
        if (std::ranges::count(known, name) == 0)
            problems_.error(source_.place, fmt::format("the manifest has no stream \"{}\"", name),
                            hint(name, known, "streams"));
    for (const auto& [name, own] : options_.fields)
        if (std::ranges::count(known, name) == 0)
            problems_.error(own.place, fmt::format("the manifest has no stream \"{}\"", name),
                            hint(name, known, "streams"));
}

void ManifestCompiler::read_limiters(TomlTable& top) {
    for (auto& table : top.tables("limiter")) {
        LimiterPlan limiter{.name = table.required_text("name")};
        limiter.capacity = static_cast<double>(table.number("capacity", 1, 1, 1'000'000));
        limiter.per = duration(table, "per", limiter.per);
        if (limiter.per < milliseconds{1}) table.error("per", "a limiter needs some time");
        if (!limiters_.emplace(limiter.name, manifest_.limiters.size()).second)
            table.error("name", fmt::format("there are two limiters \"{}\"", limiter.name));
        manifest_.limiters.push_back(std::move(limiter));
        table.finish();
    }
}

void ManifestCompiler::read_retry(TomlTable& top) {
    auto table = top.table("retry");
    if (!table) return;
    auto& retry = manifest_.retry;
    retry.tries = static_cast<int>(table->number("tries", retry.tries, 1, 100));
    retry.base = duration(*table, "base", retry.base);
    retry.cap = duration(*table, "cap", retry.cap);
    retry.patience = duration(*table, "patience", retry.patience);
    retry.timeout = duration(*table, "timeout", retry.timeout);
    table->finish();
}

WindowRules ManifestCompiler::read_window(TomlTable& table, WindowRules rules) {
    rules.lag = duration(table, "lag", rules.lag);
    rules.lookback = duration(table, "lookback", rules.lookback);
    rules.deep_lookback = duration(table, "deep_lookback", rules.deep_lookback);
    rules.deep_every = duration(table, "deep_every", rules.deep_every);
    rules.precision = duration(table, "precision", rules.precision);
    constexpr std::int64_t most_rows = 10'000'000;
    rules.max_rows = static_cast<std::uint64_t>(
        table.number("max_rows", static_cast<std::int64_t>(rules.max_rows), 1, most_rows));
    if (rules.precision < milliseconds{1})
        table.error("precision", "the precision is nothing", "write at least \"1ms\"");
    table.finish();
    return rules;
}

void ManifestCompiler::read_errors(TomlTable& top) {
    for (auto& table : top.tables("error")) {
        ErrorRule rule;
        rule.statuses = table.numbers("status");
        const auto name = table.required_text("class");
        if (const auto kind = error_class_of(name))
            rule.kind = *kind;
        else
            table.error("class", fmt::format("unknown error class \"{}\"", name),
                        hint(name, error_class_names(), "classes"));
        if (auto match = table.table("match")) {
            match->required_text("at");
            rule.at = read_path(*match, "at");
            rule.in = match->texts("in");
            if (rule.in.empty()) match->error("in", "\"in\" is missing or empty");
            match->finish();
        }
        rule.wait = duration(table, "wait", rule.wait);
        const auto until = table.text("until");
        rule.until_midnight = until == "midnight";
        if (!until.empty() && !rule.until_midnight)
            table.error("until", fmt::format("nothing is known to end at \"{}\"", until),
                        "write until = \"midnight\"");
        manifest_.errors.push_back(std::move(rule));
        table.finish();
    }
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
