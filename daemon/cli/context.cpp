// SPDX-License-Identifier: Apache-2.0
#include "daemon/cli/context.hpp"

#include "daemon/cli/asker.hpp"
#include "daemon/cli/problem_text.hpp"

#include <cstdio>
#include <filesystem>

namespace nudged::cli {

namespace {

std::shared_ptr<const config::Config> required(config::Loaded loaded) {
    if (!loaded.config) throw Exit{exit_config};
    return loaded.config;
}

std::filesystem::path folder_of(const std::string& file) {
    return std::filesystem::absolute(file).parent_path();
}

}  // namespace

std::shared_ptr<const config::Config> Context::load(config::Secrets secrets) const {
    auto loaded = config::load(config_file, overrides, secrets);
    print_problems(loaded.problems, folder_of(config_file), Diagnostic::Severity::error);
    return required(std::move(loaded));
}

std::shared_ptr<const config::Config> Context::check() const {
    auto loaded = config::load(config_file, overrides, config::Secrets::checked);
    print_problems(loaded.problems, folder_of(config_file));
    return required(std::move(loaded));
}

Instant as_of_option(const std::string& text, const config::Config& config) {
    if (text.empty()) return system_now();
    if (const auto instant = parse_instant(text)) return *instant;
    if (const auto day = parse_date(text)) {
        const auto& teams = config.roster.teams;
        const auto zone = teams.empty() ? Zone::utc() : teams.front().zone;
        return zone.instant(LocalTime{*day + std::chrono::days{1}}) - std::chrono::milliseconds{1};
    }
    fmt::print(stderr,
               "--as-of {}: expected a day like 2026-11-20 or a time like "
               "2026-11-20T08:00:00Z\n",
               text);
    throw Exit{exit_usage};
}

View::View(const config::Config& config, Instant as_of, const std::string& asker)
    : config_(config),
      as_of_(as_of),
      reader_(config.warehouse_path().string()),
      people_(warehouse::read_people(reader_, config.roster,
                                     find_asker(reader_, config, asker, as_of).person)) {}

checks::Scene View::scene() const {
    return {reader_, people_, config_.checks, as_of_};
}

}  // namespace nudged::cli
