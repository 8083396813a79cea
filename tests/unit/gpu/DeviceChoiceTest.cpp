#include "core/Error.h"
#include "gpu/Device.h"

#include <catch2/catch_test_macros.hpp>
#include <catch2/matchers/catch_matchers_string.hpp>

using namespace pump;
using Catch::Matchers::ContainsSubstring;
using gpu::DeviceReport;

namespace {

DeviceReport makeReport(int index, std::string name, VkPhysicalDeviceType type,
                        std::vector<std::string> reasons = {}) {
    DeviceReport report;
    report.index = index;
    report.name = std::move(name);
    report.type = type;
    report.reasons = std::move(reasons);
    return report;
}

std::string deviceMessage(const std::vector<DeviceReport>& reports, std::string_view wanted) {
    try {
        gpu::chooseDevice(reports, wanted);
    } catch (const core::Error& error) {
        REQUIRE(error.exitCode() == 2);
        return error.what();
    }
    return "no error";
}

const std::vector<DeviceReport> kThree{
    makeReport(0, "llvmpipe (LLVM)", VK_PHYSICAL_DEVICE_TYPE_CPU),
    makeReport(1, "Fast Card", VK_PHYSICAL_DEVICE_TYPE_DISCRETE_GPU, {"lacks the feature synchronization2"}),
    makeReport(2, "Built In", VK_PHYSICAL_DEVICE_TYPE_INTEGRATED_GPU),
};

} // namespace

TEST_CASE("the fastest kind of usable device is chosen") {
    CHECK(gpu::chooseDevice(kThree, "") == 2);
}

TEST_CASE("a device is chosen by index or by part of its name in any case") {
    CHECK(gpu::chooseDevice(kThree, "0") == 0);
    CHECK(gpu::chooseDevice(kThree, "LLVMPIPE") == 0);
    CHECK(gpu::chooseDevice(kThree, "built") == 2);
}

TEST_CASE("a wanted device that is not usable is refused with its reason") {
    CHECK_THAT(deviceMessage(kThree, "fast"),
               ContainsSubstring("'Fast Card' is not usable: lacks the feature synchronization2"));
}

TEST_CASE("an unknown device is refused with what there is") {
    const auto message = deviceMessage(kThree, "voodoo");
    CHECK_THAT(message, ContainsSubstring("no device matches 'voodoo'"));
    CHECK_THAT(message, ContainsSubstring("0 'llvmpipe (LLVM)' is usable"));
    CHECK_THAT(message, ContainsSubstring("1 'Fast Card' lacks"));
    CHECK_THAT(deviceMessage(kThree, "7"), ContainsSubstring("no device matches '7'"));
}

TEST_CASE("when no device is usable every reason is told, and what to do") {
    const std::vector<DeviceReport> one{kThree[1]};
    const auto message = deviceMessage(one, "");
    CHECK_THAT(message, ContainsSubstring("synchronization2"));
    CHECK_THAT(message, ContainsSubstring("install mesa-vulkan-drivers"));
    CHECK_THAT(deviceMessage({}, ""), ContainsSubstring("no Vulkan device found"));
}

TEST_CASE("the device list reads well for people") {
    const auto text = gpu::describeDevices(kThree);
    CHECK_THAT(text, ContainsSubstring("Device 1: Fast Card"));
    CHECK_THAT(text, ContainsSubstring("usable  no: lacks the feature synchronization2"));
    CHECK_THAT(gpu::describeDevices({}), ContainsSubstring("No Vulkan device found"));
}
