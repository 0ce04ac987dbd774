// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/doctor.hpp"

#include "connectors/sources/http/http_source.hpp"
#include "daemon/cli/shown_time.hpp"
#include "daemon/cli/table.hpp"
#include "daemon/config/secret_list.hpp"
#include "daemon/warehouse/quotas.hpp"

#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <map>

/// What lets nudged into the CRMs and channels: credentials, tokens, quotas.
namespace nudged::cli::doctor {
namespace {

using Verdict = Diagnosis::Verdict;
using std::chrono::days;

/// Many CRMs end a key after a year, or ask that it be changed by then.
constexpr days old_age{365};

std::optional<days> age_of(const std::string& file) {
    struct stat status {};
    if (::stat(file.c_str(), &status) != 0) return std::nullopt;
    const auto changed = std::chrono::sys_seconds{std::chrono::seconds{status.st_mtime}};
    return std::chrono::floor<days>(system_now() - changed);
}

Diagnosis check_age(const config::NamedSecret& named) {
    const auto where = fmt::format("{}, {}", named.owner, named.key);
    const auto file = config::file_of(*named.secret);
    if (file.empty())
        return {"credential", Verdict::good, fmt::format("{}: {}", where, named.secret->origin())};
    const auto age = age_of(file);
    if (!age)
        return {"credential", Verdict::note, fmt::format("{}: {} is not open to you", where, file),
                "ask as root, or as the user nudged"};
    Diagnosis seen{"credential", Verdict::good,
                   fmt::format("{}: {}, {} days old", where, file, age->count())};
    if (*age > old_age) {
        seen.verdict = Verdict::note;
        seen.remedy = "make a new one before it expires: put it into the file, and restart nudged";
    }
    return seen;
}

Diagnoses look_at_credentials(const config::Config& config) {
    Diagnoses seen;
    for (const auto& named : config::find_secrets(config)) seen.push_back(check_age(named));
    return seen;
}

Diagnosis check_tokens(const sources::StoredTokens& tokens, const std::string& source) {
    if (!tokens.refused.empty())
        return {"token", Verdict::person,
                fmt::format("source {}: refused on {}: {}", source, shown_time(tokens.refused_at),
                            tokens.refused),
                fmt::format("`nudged source login {}`", source)};
    const auto age = std::chrono::floor<days>(system_now() - tokens.issued_at);
    return {"token", Verdict::good,
            fmt::format("source {}: issued {} days ago, {} {}", source, age.count(),
                        tokens.expires_at < system_now() ? "ended" : "good until",
                        shown_time(tokens.expires_at))};
}

bool is_pulled(const sources::SourceOptions& source, model::Entity entity) {
    const auto& streams = std::get<sources::HttpSourceOptions>(source.connector_options).streams;
    const auto name = std::string{to_string(entity)};
    return streams.empty() || std::find(streams.begin(), streams.end(), name) != streams.end();
}

/// What the CRM granted, by the answer to the last token request, beside what the manifest says
/// that each stream needs. A CRM that does not tell is not guessed at.
Diagnoses check_scopes(const config::Config& config, const sources::SourceOptions& source,
                       const sources::StoredTokens& tokens) {
    if (tokens.scope.empty() ||
        !std::holds_alternative<sources::HttpSourceOptions>(source.connector_options))
        return {};
    const auto manifest = sources::read_manifest(source, config.daemon.manifest_dir);
    std::map<std::string, std::vector<std::string>> lacking;  // streams by what they lack
    for (const auto& stream : manifest.streams)
        if (is_pulled(source, stream.entity))
            for (const auto& need :
                 sources::missing_scopes(tokens.scope, manifest.scopes.needs_of(stream.entity)))
                lacking[need].emplace_back(to_string(stream.entity));
    Diagnoses seen;
    for (const auto& [need, streams] : lacking)
        seen.push_back(
            {"scope", Verdict::person,
             fmt::format("source {}: the scope {} is missing, for {}", source.name,
                         sources::scope_text(need), fmt::join(streams, ", ")),
             fmt::format("add it to the app in the CRM, then `nudged source login {}` or a new "
                         "refresh token; or leave these out of `streams`",
                         source.name)});
    if (seen.empty())
        seen.push_back(
            {"scope", Verdict::good,
             fmt::format("source {}: granted {}", source.name, for_terminal(tokens.scope, 400))});
    return seen;
}

/// What the daemon cannot read either needs a person; what is only closed to us does not.
Diagnosis unreadable_tokens(const std::string& file, const Failure& failure) {
    if (::access(file.c_str(), R_OK) == 0) return {"token", Verdict::person, failure.what()};
    return {"token", Verdict::note, failure.what(),
            "ask as root, or as the user nudged, if it is only not open to you"};
}

Diagnoses look_at_tokens(const config::Config& config) {
    const auto& key = config.daemon.token_key;
    const bool is_key_elsewhere = key.empty() && !key.origin().empty();
    Diagnoses seen;
    for (const auto& source : config.sources) {
        const sources::TokenStore store(config.token_folder(), source.name);
        std::error_code none;
        if (is_key_elsewhere && std::filesystem::exists(store.file(), none)) {
            seen.push_back({"token", Verdict::note,
                            fmt::format("source {}: its tokens are encrypted under {}, which is "
                                        "only there in the service",
                                        source.name, key.origin()),
                            "set CREDENTIALS_DIRECTORY to the folder that holds it"});
            continue;
        }
        try {
            const auto tokens = store.read();
            if (!tokens) continue;
            seen.push_back(check_tokens(*tokens, source.name));
            auto scopes = check_scopes(config, source, *tokens);
            std::move(scopes.begin(), scopes.end(), std::back_inserter(seen));
        } catch (const Failure& failure) {
            seen.push_back(unreadable_tokens(store.file(), failure));
        }
    }
    return seen;
}

Diagnosis check_quota(const warehouse::Database& database, const std::string& source,
                      const sources::LimiterPlan& plan) {
    const auto now = system_now();
    double used = 0;
    for (const auto& [until, charge] : warehouse::read_charges(database, source, plan.name))
        if (until > now) used += charge;
    const double ours = plan.capacity * plan.share;
    Diagnosis seen{"quota", Verdict::good,
                   fmt::format("source {}: {:.0f} of our {:.0f} requests of \"{}\" left", source,
                               std::max(0.0, ours - used), ours, plan.name)};
    if (used < 0.8 * ours) return seen;
    seen.verdict = Verdict::note;
    seen.remedy = fmt::format(
        "it comes back by itself; if that is not soon enough, poll less often, or raise the share "
        "of {:.0f} % in a manifest of your own",
        100 * plan.share);
    return seen;
}

Diagnoses look_at_quotas(const config::Config& config) {
    Diagnoses seen;
    if (std::error_code none; !std::filesystem::exists(config.warehouse_path(), none)) return seen;
    const warehouse::Database database(config.warehouse_path().string(),
                                       warehouse::Database::Mode::read_only);
    for (const auto& source : config.sources) {
        if (!std::holds_alternative<sources::HttpSourceOptions>(source.connector_options)) continue;
        for (const auto& plan : sources::read_manifest(source, config.daemon.manifest_dir).limiters)
            if (plan.kind == sources::LimiterKind::quota)
                seen.push_back(check_quota(database, source.name, plan));
    }
    return seen;
}

}  // namespace

std::vector<Probe> probes_of_access(const SharedConfig& config) {
    return {{"credential", [config] { return look_at_credentials(*config); }},
            {"token", [config] { return look_at_tokens(*config); }},
            {"quota", [config] { return look_at_quotas(*config); }}};
}

}  // namespace nudged::cli::doctor
