// SPDX-License-Identifier: Apache-2.0
#include "connectors/sources/token_store.hpp"
#include "tests/daemon/cli/login_site.hpp"

#include <catch2/catch.hpp>
#include <sys/stat.h>

#include <csignal>
#include <cstdlib>
#include <filesystem>

using namespace nudged;
using namespace nudged::tests;
using Catch::Contains;

namespace {

/// `place` is what nudged.toml says of the key.
void configure(const LoginSite& site, const std::string& place) {
    site.folder.write("nudged.toml", "state_dir = \"state\"\n[web]\nenabled = false\n"
                                     "[tokens]\nkey = " +
                                         place + "\n");
}

void write_key(const LoginSite& site, const std::string& key) {
    ::chmod(site.folder.write("keys/token-key", key + "\n").c_str(), 0600);
}

sources::TokenStore store_under(const LoginSite& site, const std::string& key) {
    return {{site.folder.file("state/tokens"), Secret{key}, {}}, "crm"};
}

/// How often each path was asked for.
std::size_t asked(const LoginSite& site, const std::string& path) {
    std::size_t count = 0;
    for (const auto& request : site.server.requests()) count += request.path == path ? 1 : 0;
    return count;
}

/// The folder in which a service manager puts its credentials.
struct Credentials {
    explicit Credentials(const LoginSite& site) {
        ::setenv("CREDENTIALS_DIRECTORY", site.folder.file("keys").c_str(), 1);
    }
    ~Credentials() { ::unsetenv("CREDENTIALS_DIRECTORY"); }
    Credentials(const Credentials&) = delete;
    Credentials& operator=(const Credentials&) = delete;
};

}  // namespace

TEST_CASE("the configured key encrypts what a log-in keeps, and opens it to the daemon") {
    const LoginSite site;
    const Credentials credentials(site);
    write_key(site, "k-one-s3cret");
    const auto* place = GENERATE("{ file = \"keys/token-key\" }", "{ credential = \"token-key\" }");
    configure(site, place);
    CAPTURE(place);
    const auto done = site.paste();
    CAPTURE(done.output);
    REQUIRE(done.status == 0);
    CHECK_FALSE(std::filesystem::exists(site.folder.file("state/tokens/key")));
    const auto kept = store_under(site, "k-one-s3cret").read();
    REQUIRE(kept);
    CHECK(kept->refresh_token == "r1-s3cret");
    CHECK_THROWS_WITH(store_under(site, "k-two").read(), Contains("cannot be decrypted"));

    Process daemon(site.command({"run"}), site.folder.file("daemon.log"));
    REQUIRE(eventually([&] { return asked(site, "/tasks") > 0; }));
    daemon.signal(SIGTERM);
    CHECK(daemon.wait() == 0);
    for (const auto& request : site.server.requests())
        if (request.path == "/tasks") CHECK(request.header("authorization") == "Bearer a1");
    CHECK(asked(site, "/token") == 1);  // that of the log-in
    CHECK_THAT(daemon.output(), !Contains("s3cret"));
}

TEST_CASE(
    "under another key the tokens are refused with their file and what to do, and left alone") {
    const LoginSite site;
    write_key(site, "k-one-s3cret");
    configure(site, "{ file = \"keys/token-key\" }");
    REQUIRE(site.paste().status == 0);
    const auto file = site.folder.file("state/tokens/crm.tokens");
    const auto before = read_file(file);

    write_key(site, "k-two-s3cret");
    const auto tells = [&](const std::string& text) {
        CHECK_THAT(text, Contains(file) &&
                             Contains("cannot be decrypted: the key is another than they were "
                                      "written under") &&
                             Contains("put the right one back") &&
                             Contains("nudged source login crm") && !Contains("s3cret"));
    };
    const auto sync = run_program(site.command({"sync"}));
    CHECK(sync.status == 1);
    tells(sync.output);
    const auto status = run_program(site.command({"status"}));
    CHECK(status.status == 1);
    tells(status.output);
    const auto doctor = run_program(site.command({"doctor"}));
    CHECK(doctor.status == 1);
    CHECK_THAT(doctor.output, Contains("[DO  ] token: the tokens in " + file));
    tells(doctor.output);
    CHECK(asked(site, "/tasks") == 0);
    CHECK(read_file(file) == before);

    write_key(site, "k-one-s3cret");
    const auto again = run_program(site.command({"sync"}));
    CAPTURE(again.output);
    CHECK(again.status == 0);
    CHECK(asked(site, "/tasks") > 0);
    CHECK(asked(site, "/token") == 1);  // that of the log-in
}

TEST_CASE("in a shell, without the service's credentials, nothing is said against the tokens") {
    const LoginSite site;
    write_key(site, "k-one-s3cret");
    configure(site, "{ credential = \"token-key\" }");
    {
        const Credentials credentials(site);
        REQUIRE(site.paste().status == 0);
    }
    const auto doctor = run_program(site.command({"doctor"}));
    CAPTURE(doctor.output);
    CHECK_THAT(doctor.output, Contains("[note] token: source crm: its tokens are encrypted under "
                                       "{ credential = \"token-key\" }, which is only there in "
                                       "the service") &&
                                  !Contains("log in again"));
    const auto login = site.paste();
    CHECK(login.status == 78);
    CHECK_THAT(login.output, Contains("set CREDENTIALS_DIRECTORY to the folder that holds it"));
}

TEST_CASE("without the file of the key a configuration is refused") {
    const LoginSite site;
    configure(site, "{ file = \"keys/token-key\" }");
    const auto checked = run_program(site.command({"config", "check"}));
    CHECK(checked.status == 78);
    CHECK_THAT(checked.output, Contains("nudged.toml:5:") && Contains("keys/token-key") &&
                                   Contains("cannot be read: No such file or directory"));
    CHECK(site.paste().status == 78);
    CHECK(asked(site, "/token") == 0);
}
