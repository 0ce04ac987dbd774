// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/config/site.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>
#include <unistd.h>

using namespace nudged;
using tests::Site;
using tests::Variable;

namespace {

// The webhook's URL is the secret of all these cases.
const std::string webhook = "https://hooks.example.com/services/T0/B0/s3cr3t-part";

void write_channel(const Site& site, const std::string& url) {
    site.write("channels.d/dana.toml",
               "[channel]\nname = \"dana\"\nkind = \"slack\"\naudience = \"manager\"\nurl = " +
                   url + "\n");
}

void write_secret(const Site& site, const std::string& name, const std::string& text, mode_t mode) {
    REQUIRE(::chmod(site.write(name, text).c_str(), mode) == 0);
}

std::string secret_of(const config::Config& config) {
    return std::string{
        std::get<channels::SlackOptions>(config.channels.at(0).kind_options).url.reveal()};
}

}  // namespace

TEST_CASE("a secret is read from a file, the environment or the service's credentials") {
    Site site;
    SECTION("a file, beside the file that names it; one line end is not part of it") {
        write_secret(site, "channels.d/dana.url", webhook + "\n", 0600);
        write_channel(site, "{ file = \"dana.url\" }");
        CHECK(secret_of(site.good()) == webhook);
    }
    SECTION("a file that another system's editor wrote, readable by the group") {
        write_secret(site, "dana.url", webhook + "\r\n", 0640);
        write_channel(site, "{ file = \"" + site.path("dana.url") + "\" }");
        CHECK(secret_of(site.good()) == webhook);
    }
    SECTION("the environment") {
        Variable variable{"DANA_URL", webhook.c_str()};
        write_channel(site, "{ env = \"DANA_URL\" }");
        CHECK(secret_of(site.good()) == webhook);
    }
    SECTION("a credential of the service manager, who sees to its mode") {
        write_secret(site, "credentials/dana.url", webhook + "\n", 0444);
        Variable folder{"CREDENTIALS_DIRECTORY", site.path("credentials").c_str()};
        write_channel(site, "{ credential = \"dana.url\" }");
        CHECK(secret_of(site.good()) == webhook);
    }
}

TEST_CASE("a secret in the file itself is refused and not repeated") {
    Site site;
    write_channel(site, "\"" + webhook + "\"");
    CHECK(site.problems() ==
          "channels.d/dana.toml:5:7: the secret \"url\" must not stand in this file, write { file "
          "= \"…\" }, { env = \"…\" } or { credential = \"…\" }\n");
    CHECK(site.problems().find("s3cr3t") == std::string::npos);
}

TEST_CASE("a secret file that everybody can read is refused") {
    Site site;
    write_channel(site, "{ file = \"dana.url\" }");
    const auto path = site.path("channels.d/dana.url");
    for (const auto& [mode, shown] : {std::pair{0644, "0644"}, {0604, "0604"}, {0602, "0602"}}) {
        write_secret(site, "channels.d/dana.url", webhook, static_cast<mode_t>(mode));
        CHECK(site.problems() == "channels.d/dana.toml:5:7: the secret file " + path +
                                     " is open to everybody (mode " + shown +
                                     "), run: chmod o= " + path + "\n");
    }
}

TEST_CASE("a secret that cannot be had is told with what to do") {
    Site site;
    const auto path = site.path("channels.d/dana.url");
    const std::string place = "channels.d/dana.toml:5:7: ";
    SECTION("no file") {
        write_channel(site, "{ file = \"dana.url\" }");
        CHECK(site.problems() == place + "the secret file " + path +
                                     " cannot be read: No such file or directory, create it, "
                                     "readable by the user that nudged runs as\n");
    }
    SECTION("a file of somebody else") {
        write_secret(site, "channels.d/dana.url", webhook, 0000);
        write_channel(site, "{ file = \"dana.url\" }");
        if (::geteuid() == 0) {
            WARN("root reads every file: skipped");
            return;
        }
        CHECK(site.problems() == place + "the secret file " + path +
                                     " cannot be read: Permission denied, create it, readable by "
                                     "the user that nudged runs as\n");
    }
    SECTION("an empty file") {
        write_secret(site, "channels.d/dana.url", "\n", 0600);
        write_channel(site, "{ file = \"dana.url\" }");
        CHECK(site.problems() ==
              place + "the secret file " + path + " is empty, put the secret into it\n");
    }
    SECTION("a folder") {
        write_channel(site, "{ file = \".\" }");
        CHECK(site.problems().find("is no regular file") != std::string::npos);
    }
    SECTION("a file that is no secret's size") {
        write_secret(site, "channels.d/dana.url", std::string(70'000, 'x'), 0600);
        write_channel(site, "{ file = \"dana.url\" }");
        CHECK(site.problems() == place + "the secret file " + path + " is larger than 64 KiB\n");
    }
    SECTION("a variable that is not set") {
        Variable variable{"DANA_URL", nullptr};
        write_channel(site, "{ env = \"DANA_URL\" }");
        CHECK(site.problems() == place + "the environment variable DANA_URL is not set\n");
    }
    SECTION("an empty variable") {
        Variable variable{"DANA_URL", ""};
        write_channel(site, "{ env = \"DANA_URL\" }");
        CHECK(site.problems() == place + "the environment variable DANA_URL is empty\n");
    }
    SECTION("a credential outside of the service") {
        write_channel(site, "{ credential = \"dana.url\" }");
        CHECK(site.problems() ==
              place + "the credential dana.url is not there: no CREDENTIALS_DIRECTORY is set, add "
                      "LoadCredential=dana.url:PATH to the service; in a shell, set "
                      "CREDENTIALS_DIRECTORY to the folder that holds it\n");
    }
    SECTION("a credential that leads out of its folder") {
        Variable folder{"CREDENTIALS_DIRECTORY", site.path("credentials").c_str()};
        write_channel(site, "{ credential = \"../dana.url\" }");
        CHECK(site.problems() == place +
                                     "\"../dana.url\" is no name of a credential, write the name "
                                     "that stands in LoadCredential=\n");
    }
    SECTION("two places") {
        write_channel(site, "{ file = \"dana.url\", env = \"DANA_URL\" }");
        CHECK(site.problems().find(place + "\"url\" must say one place of its secret, ") == 0);
    }
    SECTION("a place of another name") {
        write_channel(site, "{ fiel = \"dana.url\" }");
        CHECK(site.problems() == "channels.d/dana.toml:5:9: unknown key \"fiel\" in [channel.url], "
                                 "did you mean \"file\"?\n");
    }
    SECTION("neither text nor table") {
        write_channel(site, "7");
        CHECK(site.problems().find("\"url\" must be the place of a secret, not a whole number") !=
              std::string::npos);
    }
}
