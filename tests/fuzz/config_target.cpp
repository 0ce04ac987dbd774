// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/config.hpp"
#include "tests/fuzz/targets.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

namespace nudged::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr std::array names{
    "nudged.toml", "teams.toml",       "routes.toml",       "kpis.toml",       "criteria.toml",
    "checks.toml", "sources.d/a.toml", "channels.d/a.toml", "checks.d/a.toml", "templates/de.toml"};

/// A folder of this process, in memory where there is such a place.
class Site {
public:
    Site() {
        const fs::path memory = "/dev/shm";
        auto pattern =
            (fs::exists(memory) ? memory : fs::temp_directory_path()) / "nudged-fuzz-XXXXXX";
        auto text = pattern.string();
        promise(::mkdtemp(text.data()) != nullptr, "a folder can be made");
        folder_ = text;
        for (const auto* inner : {"sources.d", "channels.d", "checks.d", "templates"})
            fs::create_directory(folder_ / inner);
    }
    ~Site() { fs::remove_all(folder_); }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    fs::path file(std::string_view name) const { return folder_ / name; }

    void write(std::string_view name, std::string_view text) {
        std::ofstream{file(name), std::ios::binary} << text;
        written_.emplace_back(name);
    }
    void clear() {
        for (const auto& name : written_) fs::remove(file(name));
        written_.clear();
    }

private:
    fs::path folder_;
    std::vector<std::string> written_;
};

}  // namespace

/// The files of one configuration: each begins after a line "=== NAME", the first is nudged.toml.
void fuzz_config(std::string_view input) {
    static Site site;
    std::string_view name = names.front();
    while (true) {
        const auto next = input.find("\n=== ");
        site.write(name, input.substr(0, next));
        if (next == input.npos) break;
        input.remove_prefix(next + 5);
        const auto wanted = take_line(input);
        const auto known = std::find(names.begin(), names.end(), wanted);
        name = known == names.end() ? names.back() : *known;
    }
    const auto loaded = config::load(site.file(names.front()), {}, config::Secrets::unread);
    promise(loaded.config || loaded.problems.has_errors(), "what is refused is told");
    if (loaded.config) config::show(*loaded.config);
    site.clear();
}

}  // namespace nudged::fuzz
