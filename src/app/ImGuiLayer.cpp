#include "app/ImGuiLayer.h"

#include "core/Error.h"

#include <imgui.h>
#include <imgui_impl_vulkan.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace pump::app {
namespace {

gpu::RenderPassHandle makePass(const gpu::Device& device) {
    VkAttachmentDescription attachment{};
    attachment.format = ImGuiLayer::kFormat;
    attachment.samples = VK_SAMPLE_COUNT_1_BIT;
    attachment.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD;
    attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
    attachment.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
    attachment.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
    attachment.initialLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    attachment.finalLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
    const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
    VkSubpassDescription subpass{};
    subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
    subpass.colorAttachmentCount = 1;
    subpass.pColorAttachments = &reference;
    // Order against what comes before and after is the barrier tracker's; this says so in the pass's own
    // words.
    VkSubpassDependency before{};
    before.srcSubpass = VK_SUBPASS_EXTERNAL;
    before.dstSubpass = 0;
    before.srcStageMask = before.dstStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
    before.srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
    before.dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
    VkSubpassDependency after = before;
    after.srcSubpass = 0;
    after.dstSubpass = VK_SUBPASS_EXTERNAL;
    const std::array dependencies{before, after};
    VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
    info.attachmentCount = 1;
    info.pAttachments = &attachment;
    info.subpassCount = 1;
    info.pSubpasses = &subpass;
    info.dependencyCount = static_cast<std::uint32_t>(dependencies.size());
    info.pDependencies = dependencies.data();
    VkRenderPass pass = VK_NULL_HANDLE;
    gpu::check(vkCreateRenderPass(device.handle(), &info, nullptr, &pass), "making the panel's render pass");
    device.setName(VK_OBJECT_TYPE_RENDER_PASS, pass, "panel");
    return gpu::RenderPassHandle(device.handle(), pass);
}

gpu::DescriptorPoolHandle makeDescriptorPool(const gpu::Device& device) {
    constexpr std::uint32_t kTextures = 4; // the font texture, and some for what the library adds
    const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, kTextures};
    VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
    info.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
    info.maxSets = kTextures;
    info.poolSizeCount = 1;
    info.pPoolSizes = &size;
    VkDescriptorPool pool = VK_NULL_HANDLE;
    gpu::check(vkCreateDescriptorPool(device.handle(), &info, nullptr, &pool),
               "making the panel's descriptors");
    device.setName(VK_OBJECT_TYPE_DESCRIPTOR_POOL, pool, "panel");
    return gpu::DescriptorPoolHandle(device.handle(), pool);
}

gpu::FramebufferHandle makeFramebuffer(const gpu::Device& device, VkRenderPass pass,
                                       const gpu::Image& image) {
    const VkImageView view = image.view();
    VkFramebufferCreateInfo info{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
    info.renderPass = pass;
    info.attachmentCount = 1;
    info.pAttachments = &view;
    info.width = image.extent().width;
    info.height = image.extent().height;
    info.layers = 1;
    VkFramebuffer framebuffer = VK_NULL_HANDLE;
    gpu::check(vkCreateFramebuffer(device.handle(), &info, nullptr, &framebuffer),
               "making the panel's framebuffer");
    device.setName(VK_OBJECT_TYPE_FRAMEBUFFER, framebuffer, "panel");
    return gpu::FramebufferHandle(device.handle(), framebuffer);
}

void checkBackend(VkResult result) {
    gpu::check(result, "drawing the panel");
}

// The Vulkan backend changed its way of taking the render pass and of sending fonts; all of it is spoken
// here.
void initializeBackend(ImGui_ImplVulkan_InitInfo& info, VkRenderPass pass) {
#if IMGUI_VERSION_NUM >= 19230
    info.PipelineInfoMain.RenderPass = pass;
    const bool done = ImGui_ImplVulkan_Init(&info);
#elif IMGUI_VERSION_NUM >= 19016
    info.RenderPass = pass;
    const bool done = ImGui_ImplVulkan_Init(&info);
#else
    const bool done = ImGui_ImplVulkan_Init(&info, pass);
#endif
    if (!done)
        throw core::Error(core::ErrorKind::Device, "Dear ImGui could not start on this graphics device");
}

void uploadFonts([[maybe_unused]] const gpu::Device& device) {
#if IMGUI_VERSION_NUM >= 19200
    // The backend sends textures itself when they change.
#elif IMGUI_VERSION_NUM >= 19000
    ImGui_ImplVulkan_CreateFontsTexture();
#else
    gpu::runNow(device, "panel fonts", [](gpu::CommandRecorder& commands) {
        ImGui_ImplVulkan_CreateFontsTexture(commands.handle());
    });
    ImGui_ImplVulkan_DestroyFontUploadObjects();
#endif
}

/// Differs whenever the atlas was built with other fonts or sizes.
std::vector<float> fontSignature() {
    std::vector<float> signature;
#if IMGUI_VERSION_NUM < 19200
    ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    if (!atlas.IsBuilt()) atlas.GetTexDataAsRGBA32(&pixels, &width, &height); // builds it
    signature = {static_cast<float>(atlas.TexWidth), static_cast<float>(atlas.TexHeight)};
    for (const ImFont* font : atlas.Fonts) signature.push_back(font->FontSize);
#endif
    return signature;
}

/// Gives commands that were recorded before the font was sent (the first frame, the frame of a new font) its
/// texture; up to version 1.86 the backend ignored what they name.
void useSentFont([[maybe_unused]] ImDrawData& data) {
#if IMGUI_VERSION_NUM < 19200
    const ImTextureID font = ImGui::GetIO().Fonts->TexID;
    for (int i = 0; i < data.CmdListsCount; ++i) {
        for (ImDrawCmd& command : data.CmdLists[i]->CmdBuffer) command.TextureId = font;
    }
#endif
}

} // namespace

ImGuiLayer::ImGuiLayer(const gpu::Device& device, std::uint32_t framesInFlight)
    : m_device(device),
      m_framesInFlight(framesInFlight),
      m_descriptors(makeDescriptorPool(device)),
      m_pass(makePass(device)) {}

ImGuiLayer::~ImGuiLayer() {
    disconnect();
}

void ImGuiLayer::connect() {
    ImGui_ImplVulkan_InitInfo info{};
    info.Instance = m_device.instance().handle();
    info.PhysicalDevice = m_device.physical();
    info.Device = m_device.handle();
    info.QueueFamily = m_device.queueFamily();
    info.Queue = m_device.queue();
    info.PipelineCache = m_device.pipelineCache();
    info.DescriptorPool = m_descriptors.get();
    info.MinImageCount = std::max(m_framesInFlight, 2u);
    info.ImageCount = info.MinImageCount;
#if IMGUI_VERSION_NUM < 19230
    info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
#endif
    info.CheckVkResultFn = checkBackend;
    initializeBackend(info, m_pass.get());
    m_connected = true;
    m_fonts = fontSignature();
    uploadFonts(m_device);
}

void ImGuiLayer::disconnect() {
    if (!m_connected) return;
    vkDeviceWaitIdle(m_device.handle());
    ImGui_ImplVulkan_Shutdown();
    m_connected = false;
}

namespace {

/// The same frame with some of its lists.
ImDrawData only(const ImDrawData& all, std::vector<ImDrawList*>& lists) {
    ImDrawData data = all;
    data.CmdListsCount = static_cast<int>(lists.size());
    data.TotalVtxCount = data.TotalIdxCount = 0;
    for (const ImDrawList* list : lists) {
        data.TotalVtxCount += list->VtxBuffer.Size;
        data.TotalIdxCount += list->IdxBuffer.Size;
    }
#if IMGUI_VERSION_NUM >= 18980
    data.CmdLists.resize(0);
    for (ImDrawList* list : lists) data.CmdLists.push_back(list);
#else
    data.CmdLists = lists.data();
#endif
    return data;
}

void fill(VkCommandBuffer commands, std::span<const ui::Rect> areas, VkExtent2D extent) {
    const ImVec4 colour = ImGui::ColorConvertU32ToFloat4(ui::theme::kPanel);
    VkClearAttachment clear{};
    clear.aspectMask = VK_IMAGE_ASPECT_COLOR_BIT;
    clear.clearValue.color = {{colour.x, colour.y, colour.z, 1}};
    for (const ui::Rect& area : areas) {
        const auto pixel = [](float at, std::uint32_t size) {
            return static_cast<std::int32_t>(std::clamp(std::round(at), 0.0f, static_cast<float>(size)));
        };
        const std::int32_t left = pixel(area.x, extent.width), top = pixel(area.y, extent.height),
                           right = pixel(area.right(), extent.width),
                           bottom = pixel(area.bottom(), extent.height);
        if (right <= left || bottom <= top) continue;
        const VkClearRect rect{
            {{left, top},
             {static_cast<std::uint32_t>(right - left), static_cast<std::uint32_t>(bottom - top)}},
            0,
            1};
        vkCmdClearAttachments(commands, 1, &clear, 1, &rect);
    }
}

} // namespace

void ImGuiLayer::draw(gpu::Frame& frame, const gpu::Image& image, ImDrawData& data, const Docked& docked) {
    if (!m_connected || fontSignature() != m_fonts) { // the backend cannot replace fonts: start it again
        disconnect();
        connect();
        useSentFont(data);
        m_redraw = {};
    }
    PanelRedraw::Plan plan = m_redraw.plan(data, docked.areas, docked.picture);
    ImDrawData wanted = only(data, plan.lists);
    auto& commands = frame.commands();
    const auto scope = commands.scope("interface");
    auto framebuffer = makeFramebuffer(m_device, m_pass.get(), image);
    commands.use({{image, gpu::use::kColorAttachment}});
    VkRenderPassBeginInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
    info.renderPass = m_pass.get();
    info.framebuffer = framebuffer.get();
    info.renderArea.extent = image.extent();
    vkCmdBeginRenderPass(commands.handle(), &info, VK_SUBPASS_CONTENTS_INLINE);
    fill(commands.handle(), plan.fill, image.extent());
    ImGui_ImplVulkan_RenderDrawData(&wanted, commands.handle());
    vkCmdEndRenderPass(commands.handle());
    frame.retire(std::move(framebuffer));
}

} // namespace pump::app
