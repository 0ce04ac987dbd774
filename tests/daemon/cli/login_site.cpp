// SPDX-License-Identifier: Apache-2.0
#include "tests/daemon/cli/login_site.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace nudged::tests {

LoginSite::LoginSite()
    : server([](const Request& request) {
          if (request.path == "/tasks") return Reply::json(R"({"data":[]})");
          return Reply::json(R"({"access_token":"a1","refresh_token":"r1-s3cret",)"
                             R"("expires_in":3600})");
      }) {
    folder.write("nudged.toml", "state_dir = \"state\"\n");
    std::filesystem::create_directories(folder.path() / "state");
    for (const auto* name : {"id", "secret"})
        ::chmod(folder.write(name, "hush-" + std::string{name}).c_str(), 0600);
    folder.write("sources.d/crm.toml", R"([source]
name = "crm"
connector = "http"
manifest = "../crm-manifest.toml"
settings = { base_url = ")" + server.url("") +
                                           R"(" }
credentials = { client_id = { file = "../id" }, client_secret = { file = "../secret" } }
)");
    folder.write("crm-manifest.toml", R"([connector]
name = "small"
base_url = "{settings.base_url}"
[settings]
base_url = ""
[auth.token]
post = "/token"
[auth.token.form]
grant_type = "refresh_token"
client_id = "{credential.client_id}"
client_secret = "{credential.client_secret}"
refresh_token = "{auth.refresh_token}"
[auth.login]
authorize = "/authorize"
[request.list]
get = "/tasks"
records = "/data"
[stream.task]
request = "list"
[stream.task.map]
subject = "/title"
)");
}

std::vector<std::string> LoginSite::command(std::vector<std::string> words) const {
    words.insert(words.begin(), {program("nudged"), "--config", folder.file("nudged.toml")});
    return words;
}

std::vector<std::string> LoginSite::login(std::vector<std::string> more) const {
    more.insert(more.begin(), {"source", "login", "crm"});
    return command(std::move(more));
}

Finished LoginSite::paste() const {
    std::string line = "printf 'c1\\n' |";
    for (const auto& word : login({"--paste"})) line += " '" + word + "'";
    return run_program({"/bin/sh", "-c", line});
}

}  // namespace nudged::tests
