using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace FollowUp.Infra.Tests;

/// <summary>systemd, Caddy and nginx themselves say that they understand the files. Skipped where they are not installed; never in CI.</summary>
public sealed class MachineToolTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("followup-machine-");

    [Fact]
    public void Systemd_understands_the_units()
    {
        var tool = Need("systemd-analyze");
        var units = Units();

        var (code, output) = Run(tool, ["verify", "--man=no", .. units]);

        Assert.True(code == 0, output);
        Assert.DoesNotContain("followup", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("followup.service")]
    [InlineData("followup-backup.service")]
    public void Systemd_finds_little_that_a_service_could_do_to_the_machine(string service)
    {
        var tool = Need("systemd-analyze");
        Units();

        var (code, output) = Run(tool, ["security", "--offline=true", "--no-pager", Path.Combine(_folder.FullName, service)]);

        Assert.True(code == 0, output);
        var exposure = double.Parse(Regex.Match(output, @"Overall exposure level for \S+: ([\d.]+)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(exposure < 2, output);
    }

    [Fact]
    public void Caddy_takes_its_file()
    {
        var (code, output) = Run(Need("caddy"), ["validate", "--adapter", "caddyfile", "--config", Repository.PathOf("infra", "machine", "Caddyfile")]);

        Assert.True(code == 0, output);
        Assert.Contains("Valid configuration", output, StringComparison.Ordinal);
    }

    [Fact]
    public void Nginx_takes_its_file()
    {
        var tool = Need("nginx");
        var folder = _folder.FullName;
        using (var key = RSA.Create(2048))
        {
            var request = new CertificateRequest("CN=clinic.example", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
            using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow(), TimeProvider.System.GetUtcNow().AddDays(1));
            File.WriteAllText(Path.Combine(folder, "fullchain.pem"), certificate.ExportCertificatePem());
            File.WriteAllText(Path.Combine(folder, "privkey.pem"), key.ExportPkcs8PrivateKeyPem());
        }

        // On ports that need no rights and that nothing else has, with a certificate that is there.
        var site = Repository.Read("infra", "machine", "nginx.conf")
            .Replace("/etc/letsencrypt/live/clinic.example", folder, StringComparison.Ordinal)
            .Replace("/var/log/nginx", folder, StringComparison.Ordinal)
            .Replace("listen [::]:", "listen [::1]:1", StringComparison.Ordinal);
        File.WriteAllText(Path.Combine(folder, "site.conf"), Regex.Replace(site, @"listen (\d+)", "listen 127.0.0.1:18$1"));
        File.WriteAllText(
            Path.Combine(folder, "nginx.conf"), $"pid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{ }}\nhttp {{ include {folder}/site.conf; }}\n");

        var (code, output) = Run(tool, ["-t", "-c", Path.Combine(folder, "nginx.conf")]);

        Assert.True(code == 0, output);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    /// <summary>The units, which name a program that is on every machine: where ours is installed is not known to the tool.</summary>
    private List<string> Units() =>
    [
        .. Directory.EnumerateFiles(Repository.PathOf("infra", "machine"), "followup*.*").Where(file => Path.GetExtension(file) is ".service" or ".timer").Select(file =>
        {
            var copy = Path.Combine(_folder.FullName, Path.GetFileName(file));
            File.WriteAllText(copy, File.ReadAllText(file).Replace("=/opt/followup/followup ", "=/bin/echo ", StringComparison.Ordinal));
            return copy;
        }),
    ];

    private static string Need(string tool)
    {
        var path = (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':')
            .Select(folder => Path.Combine(folder, tool)).FirstOrDefault(File.Exists);
        if (path is null && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Assert.Skip($"{tool} is not installed.");
        }

        return path ?? throw new InvalidOperationException($"{tool} is not installed, and in CI it must be: .ci/run installs it.");
    }

    private (int Code, string Output) Run(string tool, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(tool, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["HOME"] = _folder.FullName;
        start.Environment["LC_ALL"] = "C";
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.GetAwaiter().GetResult());
    }
}
