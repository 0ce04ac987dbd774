// SPDX-License-Identifier: Apache-2.0
#include "daemon/config/codec.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>

namespace nudged::config {
namespace {

constexpr std::size_t max_secret_bytes = 64 * 1024;

/// One way to get at a secret: its key, and how. nullopt when a problem was reported.
struct Way {
    std::string_view key;
    std::optional<std::string> (*fetch)(const std::string& name, const toml::node& node,
                                        const Spot& spot);
};

std::optional<std::string> read_secret_file(const std::filesystem::path& path,
                                            const toml::node& node, const Spot& spot) {
    std::ifstream stream(path, std::ios::binary);
    if (!stream) {
        spot.error(node,
                   fmt::format("the secret file {} cannot be read: {}", path.string(),
                               std::strerror(errno)),
                   "create it, readable by the user that nudged runs as");
        return std::nullopt;
    }
    std::string value(max_secret_bytes + 1, '\0');
    stream.read(value.data(), static_cast<std::streamsize>(value.size()));
    value.resize(static_cast<std::size_t>(stream.gcount()));
    if (value.size() > max_secret_bytes) {
        spot.error(node, fmt::format("the secret file {} is larger than 64 KiB", path.string()));
        return std::nullopt;
    }
    if (value.ends_with('\n')) value.pop_back();
    if (value.ends_with('\r')) value.pop_back();
    if (value.empty()) {
        spot.error(node, fmt::format("the secret file {} is empty", path.string()),
                   "put the secret into it");
        return std::nullopt;
    }
    return value;
}

std::optional<std::string> fetch_file(const std::string& name, const toml::node& node,
                                      const Spot& spot) {
    const auto path = (spot.reading.folder / name).lexically_normal();
    struct stat status {};
    if (::stat(path.c_str(), &status) == 0) {
        if (!S_ISREG(status.st_mode)) {
            spot.error(node, fmt::format("the secret file {} is no regular file", path.string()));
            return std::nullopt;
        }
        if ((status.st_mode & 0007) != 0) {
            spot.error(node,
                       fmt::format("the secret file {} is open to everybody (mode {:04o})",
                                   path.string(), status.st_mode & 07777),
                       fmt::format("run: chmod o= {}", path.string()));
            return std::nullopt;
        }
    }
    return read_secret_file(path, node, spot);
}

std::optional<std::string> fetch_env(const std::string& name, const toml::node& node,
                                     const Spot& spot) {
    const char* value = std::getenv(name.c_str());
    if (value && *value) return value;
    spot.error(node,
               fmt::format("the environment variable {} is {}", name, value ? "empty" : "not set"));
    return std::nullopt;
}

std::optional<std::string> fetch_credential(const std::string& name, const toml::node& node,
                                            const Spot& spot) {
    if (name.find('/') != name.npos || name == "." || name == "..") {
        spot.error(node, fmt::format("\"{}\" is no name of a credential", name),
                   "write the name that stands in LoadCredential=");
        return std::nullopt;
    }
    const char* folder = std::getenv("CREDENTIALS_DIRECTORY");
    if (folder && *folder)
        return read_secret_file(std::filesystem::path{folder} / name, node, spot);
    if (spot.reading.secrets == Secrets::checked) {
        spot.reading.problems.warning(
            spot.place(node), fmt::format("the credential {} is only there in the service", name),
            "see its LoadCredential=");
        return std::string{};
    }
    spot.error(node,
               fmt::format("the credential {} is not there: no CREDENTIALS_DIRECTORY is set", name),
               fmt::format("add LoadCredential={}:PATH to the service; in a shell, set "
                           "CREDENTIALS_DIRECTORY to the folder that holds it",
                           name));
    return std::nullopt;
}

constexpr std::array<Way, 3> ways{
    {{"file", fetch_file}, {"env", fetch_env}, {"credential", fetch_credential}}};

constexpr const char* forms = "write { file = \"…\" }, { env = \"…\" } or { credential = \"…\" }";

}  // namespace

bool Codec<Secret>::read(const toml::node& node, Secret& out, const Spot& spot) {
    if (node.is_string()) {  // its text must not be repeated in any message
        spot.error(node, fmt::format("the secret \"{}\" must not stand in this file", spot.key),
                   forms);
        return false;
    }
    const auto* table = node.as_table();
    if (!table || table->size() != 1) {
        if (table)
            spot.error(node, fmt::format("\"{}\" must say one place of its secret", spot.key),
                       forms);
        else
            spot.wrong_type(node, "the place of a secret", forms);
        return false;
    }
    report_unknown_keys(*table, spot, std::vector<std::string>{"file", "env", "credential"});
    for (const auto& way : ways) {
        const toml::node* inner = table->get(way.key);
        std::string name;
        if (!inner || !Codec<std::string>::read(*inner, name, spot.inside(way.key))) continue;
        auto value = spot.reading.secrets == Secrets::unread ? std::optional{std::string{}}
                                                             : way.fetch(name, node, spot);
        if (!value) return false;
        const std::string shown =
            way.key == "file" ? (spot.reading.folder / name).lexically_normal().string() : name;
        out = Secret{std::move(*value), fmt::format("{{ {} = {} }}", way.key, quote(shown))};
        return true;
    }
    return false;
}

Shape Codec<Secret>::shape() {
    std::vector<Shape> places;
    for (const auto& way : ways) {
        auto place = Shape::of(Shape::Kind::table);
        place.add(way.key, {{}, "where the secret is", {}, true, Shape::text({}, "\\S")});
        places.push_back(std::move(place));
    }
    auto shape = Shape::either(std::move(places));
    shape.form = "{ file = \"…\" }, { env = \"…\" } or { credential = \"…\" }";
    return shape;
}

std::optional<Value> Codec<Secret>::write(const Secret& secret) {
    if (secret.origin().empty()) return std::nullopt;
    return Value::of(secret.origin());
}

}  // namespace nudged::config
