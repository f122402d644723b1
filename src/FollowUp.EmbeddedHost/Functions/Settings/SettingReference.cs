using Microsoft.Extensions.Configuration;

namespace FollowUp.EmbeddedHost.Functions.Settings;

/// <summary>A value that may name a setting, as <c>%Setting%</c>.</summary>
internal static class SettingReference
{
    /// <summary>The value itself, or that of the setting it names; null where that setting is unset or empty.</summary>
    public static string? Resolve(string value, IConfiguration settings)
    {
        if (value is not ['%', .. var name, '%'])
        {
            return value;
        }

        string? setting = settings[name.Replace("__", ":", StringComparison.Ordinal)];
        return string.IsNullOrEmpty(setting) ? null : setting;
    }
}
