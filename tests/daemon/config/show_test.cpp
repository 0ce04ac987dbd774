// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/settings.hpp"
#include "tests/daemon/config/site.hpp"
#include "tests/paths.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <sstream>

using namespace nudged;
using tests::Site;

namespace {

/// Writes each "# --- NAME ---" part of what `config show` printed to a file of that name.
void write_parts(const Site& site, const std::string& shown) {
    std::istringstream lines(shown);
    std::string name, text;
    for (std::string line; std::getline(lines, line);) {
        if (line.starts_with("# --- ")) {
            if (!name.empty()) site.write(name, text);
            name = line.substr(6, line.size() - 10);
            text.clear();
        } else {
            text += line + "\n";
        }
    }
    site.write(name, text);
}

bool has_line(const std::string& text, const std::string& line) {
    return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("what is shown is a configuration that shows the same") {
    Site site;
    ::chmod(site.write("dana.url", "https://hooks.example.com/services/T0/B0/s3cr3t\n").c_str(),
            0600);
    site.write("channels.d/lee.toml", "[channel]\nname = \"lee\"\nkind = \"slack\"\naudience = "
                                      "\"manager\"\nurl = { file = \"../dana.url\" }\n");
    site.write("teams.toml", R"([[team]]
name = "Ost \"A\" \\ ü"
manager = "dana@example.com"
channel = "lee"
zone = "Europe/Berlin"
holidays = [2026-12-25]
[[team.member]]
emails = ["ana@example.com", "ana@example.org"]
away = [{ from = 2026-12-21, to = 2026-12-23 }, { from = 2026-12-24, to = 2026-12-24, share = 0.5 }]
users = ["exports/7"]
from = 2026-03-02
[[team.member]]
email = "ben@example.com"
)");
    site.write("kpis.toml",
               "[[kpi]]\nname = \"dials\"\nmeasure = \"dials\"\nwhy = \"It matters.\"\n"
               "target = 90\ntargets = { 'Ost \"A\" \\ ü' = 75 }\n");
    site.write("checks.toml", "[opp.stalled]\nmultiple = 1.5\nexempt_stages = [\"Legal\"]\n");
    const auto shown = config::show(site.good());

    Site copy;
    write_parts(copy, shown);
    CHECK(config::show(copy.good()) == shown);
    CHECK(has_line(shown, R"(name = "Ost \"A\" \\ ü")"));
    CHECK(has_line(shown, "[opp.stalled]"));
    CHECK(has_line(shown, "multiple = 1.5"));
    CHECK(has_line(shown, "[freshness]"));
    CHECK(has_line(shown, "max_age = \"6h\""));
    CHECK(has_line(shown, "at = \"08:00\""));
    CHECK(has_line(shown, "id = { from = [\"number\"] }"));
    CHECK(has_line(shown, "away = [{ from = 2026-12-21, to = 2026-12-23, share = 1.0 }, { from = "
                          "2026-12-24, to = 2026-12-24, share = 0.5 }]"));
}

TEST_CASE("a secret is shown as where it comes from") {
    Site site;
    const auto path = site.write("dana.url", "https://hooks.example.com/services/T0/B0/s3cr3t\n");
    ::chmod(path.c_str(), 0600);
    tests::Variable token{"CRM_TOKEN", "pat-s3cr3t"};
    site.write("nudged.toml", "state_dir = \"state\"\nmanifest_dir = \"" NUDGED_SOURCE_DIR
                              "/connectors/manifests\"\n");
    site.write("sources.d/crm.toml",
               "[source]\nname = \"crm\"\nconnector = \"http\"\nmanifest = \"hubspot\"\n"
               "credentials = { token = { env = \"CRM_TOKEN\" } }\n");
    site.write("channels.d/dana.toml", "[channel]\nname = \"dana\"\nkind = \"slack\"\naudience = "
                                       "\"manager\"\nurl = { file = \"../dana.url\" }\n");
    const auto shown = config::show(site.good());
    CHECK(shown.find("s3cr3t") == std::string::npos);
    CHECK(has_line(shown, "url = { file = \"" + path + "\" }"));
    CHECK(has_line(shown, "token = { env = \"CRM_TOKEN\" }"));
}

TEST_CASE("every value says where it comes from: a line of a file, a default, the environment") {
    Site site;
    site.write("nudged.toml", "state_dir = \"state\"\n\n[digest]\nat = \"07:30\"\n");
    site.write("checks.toml", "[opp.stalled]\nmultiple = 3.0\n");
    const auto origin = [&](const config::Config& config, const std::string& key) {
        for (const auto& setting : config::all_settings(config))
            if (setting.key == key) return setting.origin + " " + setting.value;
        return "no " + key;
    };
    const auto config = site.good({"opp.no_next_step.grace=9"});
    CHECK(origin(config, "digest.at") == "nudged.toml:4 \"07:30\"");
    CHECK(origin(config, "digest.max_items") == "default 7");
    CHECK(origin(config, "opp.stalled.multiple") == "checks.toml:2 3.0");
    CHECK(origin(config, "opp.no_next_step.grace").starts_with("--set"));
    // A table of a list is called by its name.
    CHECK(origin(config, "team[East].channel").starts_with("teams.toml:"));
    CHECK(origin(config, "source.name").starts_with("sources.d/exports.toml:"));
    CHECK(origin(config, "state_dir").starts_with("nudged.toml:1 "));
    const tests::Variable state{"STATE_DIRECTORY", "/var/lib/nudged"};
    CHECK(origin(site.good(), "state_dir") == "$STATE_DIRECTORY \"/var/lib/nudged\"");
}
