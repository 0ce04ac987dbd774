// SPDX-License-Identifier: Apache-2.0
#include "tests/paths.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace fs = std::filesystem;

namespace {

/// Who may include whom, as docs/architecture.md states it. A folder may always include itself.
const std::map<std::string, std::set<std::string>> may_include{
    {"connectors/base", {}},
    {"connectors/model", {"connectors/base"}},
    {"connectors/net", {"connectors/model", "connectors/base"}},
    {"connectors/process", {"connectors/base"}},
    {"connectors/sources",
     {"connectors/process", "connectors/net", "connectors/model", "connectors/base"}},
    {"connectors/channels",
     {"connectors/process", "connectors/net", "connectors/model", "connectors/base"}},
    {"daemon/warehouse", {"connectors/model", "connectors/base"}},
    {"daemon/checks", {"daemon/warehouse", "connectors/model", "connectors/base"}},
    {"daemon/alerts", {"daemon/checks", "daemon/warehouse", "connectors/model", "connectors/base"}},
    {"daemon/web",
     {"daemon/alerts", "daemon/checks", "daemon/warehouse", "connectors/model", "connectors/base"}},
    {"daemon/config",
     {"daemon/web", "daemon/alerts", "daemon/checks", "daemon/warehouse", "connectors/sources",
      "connectors/channels", "connectors/net", "connectors/model", "connectors/base"}},
    {"daemon/runtime",
     {"daemon/config", "daemon/web", "daemon/alerts", "daemon/checks", "daemon/warehouse",
      "connectors/sources", "connectors/channels", "connectors/net", "connectors/model",
      "connectors/base"}},
    {"daemon/cli",
     {"daemon/runtime", "daemon/config", "daemon/web", "daemon/alerts", "daemon/checks",
      "daemon/warehouse", "connectors/sources", "connectors/channels", "connectors/net",
      "connectors/model", "connectors/base"}},
    {"daemon", {"daemon/cli"}},
};

const fs::path root{NUDGED_SOURCE_DIR};

/// "connectors/sources" for connectors/sources/csv/parser.cpp; "daemon" for daemon/main.cpp.
std::string folder_of(const std::string& path) {
    const auto first = path.find('/');
    const auto second = path.find('/', first + 1);
    return path.substr(0, second == std::string::npos ? first : second);
}

struct Include {
    std::string file;
    int line;
    std::string target;
};

std::vector<Include> our_includes() {
    static const std::regex pattern{R"rx(^\s*#\s*include\s*"([^"]+)")rx"};
    std::vector<Include> found;
    for (const auto* top : {"connectors", "daemon"})
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const auto extension = entry.path().extension();
            if (extension != ".cpp" && extension != ".hpp") continue;
            std::ifstream in(entry.path());
            std::string text;
            for (int line = 1; std::getline(in, text); ++line) {
                std::smatch match;
                if (std::regex_search(text, match, pattern))
                    found.push_back({fs::relative(entry.path(), root).string(), line, match[1]});
            }
        }
    return found;
}

}  // namespace

TEST_CASE("every include starts at the root and crosses only the borders that the table allows") {
    const auto includes = our_includes();
    REQUIRE(includes.size() > 50);
    for (const auto& include : includes) {
        CAPTURE(include.file, include.line, include.target);
        CHECK(fs::exists(root / include.target));
        const auto from = folder_of(include.file);
        const auto to = folder_of(include.target);
        REQUIRE(may_include.contains(from));
        if (from != to) CHECK(may_include.at(from).contains(to));
    }
}

TEST_CASE("the manual's table of who may include whom is the one that is tested") {
    std::ifstream in(root / "docs/architecture.md");
    const std::string text{std::istreambuf_iterator<char>(in), {}};
    for (const auto& [folder, allowed] : may_include) {
        if (folder == "daemon") continue;
        CAPTURE(folder);
        CHECK(text.find("`" + folder + "`") != std::string::npos);
    }
}

TEST_CASE("no CRM is named outside the manifests, in comments neither") {
    const std::regex crm{"hubspot|salesforce|pipedrive|zoho|dynamics|freshsales|zendesk|copper|"
                         R"(\bclose\.com\b|google[-_ ]?sheets)",
                         std::regex::icase};
    CHECK(std::regex_search("// as HubSpot does", crm));
    CHECK(std::regex_search("\"https://api.close.com/\"", crm));
    CHECK_FALSE(std::regex_search("close.complete = true;", crm));
    int files = 0;
    for (const auto* top : {"connectors", "daemon"})
        for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
            const auto file = fs::relative(entry.path(), root).string();
            if (!entry.is_regular_file() || file.starts_with("connectors/manifests/")) continue;
            ++files;
            CHECK_FALSE(std::regex_search(file, crm));
            std::ifstream in(entry.path());
            std::string text;
            for (int line = 1; std::getline(in, text); ++line) {
                CAPTURE(file, line);
                CHECK_FALSE(std::regex_search(text, crm));
            }
        }
    CHECK(files > 900);
}
