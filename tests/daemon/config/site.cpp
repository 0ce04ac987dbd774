// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>

namespace nudged::tests {

Variable::Variable(std::string name, const char* value) : name_(std::move(name)) {
    if (const char* before = std::getenv(name_.c_str())) before_ = before;
    if (value)
        ::setenv(name_.c_str(), value, 1);
    else
        ::unsetenv(name_.c_str());
}

Variable::~Variable() {
    if (before_)
        ::setenv(name_.c_str(), before_->c_str(), 1);
    else
        ::unsetenv(name_.c_str());
}

Site::Site() {
    write("nudged.toml", "state_dir = \"state\"\n");
    write("sources.d/calls.csv", "number,agent,start\n");
    write("sources.d/exports.toml", R"([source]
name = "exports"
connector = "csv"

[[source.table]]
file = "calls.csv"
entity = "call"
id = "number"
map = { owner = "agent", started_at = "start" }
)");
    write("channels.d/dana.toml", R"([channel]
name = "dana"
kind = "file"
audience = "manager"
path = "messages.txt"
)");
    write("teams.toml", R"([[team]]
name = "East"
manager = "dana@example.com"
channel = "dana"

[[team.member]]
email = "ana@example.com"
)");
    write("kpis.toml", R"([[kpi]]
name = "dials"
measure = "dials"
target = 90
why = "Meetings begin with calls."
)");
}

void Site::remove(const std::string& name) const {
    std::filesystem::remove(folder_.path() / name);
}

config::Loaded Site::load(const std::vector<std::string>& overrides) const {
    return config::load(path("nudged.toml"), overrides);
}

std::string Site::problems(const std::vector<std::string>& overrides) const {
    const auto loaded = load(overrides);
    CHECK((loaded.config == nullptr) == loaded.problems.has_errors());
    return loaded.problems.str();
}

config::Config Site::good(const std::vector<std::string>& overrides) const {
    const auto loaded = load(overrides);
    INFO(loaded.problems.str());
    REQUIRE(loaded.config);
    REQUIRE(loaded.problems.items().empty());
    return *loaded.config;
}

}  // namespace nudged::tests
