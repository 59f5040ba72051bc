// SPDX-License-Identifier: MIT
/*
 * Devices, platform drivers, modules, and the board: one platform device with the controller's registers and lines.
 */
#include "kernel_priv.h"

#include <stdarg.h>
#include <linux/dma-mapping.h>
#include <linux/io.h>
#include <linux/platform_device.h>
#include <linux/pm.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Something to undo when the driver leaves its device. */
struct devres {
	void (*action)(void *data);
	void *data;
	struct list_head node;
};

static LIST_HEAD(platform_devices);
static LIST_HEAD(platform_drivers);
static struct module *modules;
static struct initcall *initcalls;

void device_initialize(struct device *dev)
{
	memset(dev, 0, sizeof(*dev));
	INIT_LIST_HEAD(&dev->devres);
}

void device_unregister(struct device *dev)
{
	mapping_forget_device(dev);
}

int dev_set_name(struct device *dev, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(dev->init_name, sizeof(dev->init_name), format, args);
	va_end(args);
	return 0;
}

int dev_err_probe(const struct device *dev, int error, const char *format, ...)
{
	char text[256];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (error != -EPROBE_DEFER)
		dev_err(dev, "error %d: %s", error, text);
	return error;
}

int devm_add_action_or_reset(struct device *dev, void (*action)(void *), void *data)
{
	struct devres *res = kmalloc(sizeof(*res), GFP_KERNEL);

	if (!res) {
		action(data);
		return -ENOMEM;
	}
	res->action = action;
	res->data = data;
	list_add(&res->node, &dev->devres);
	return 0;
}

static struct devres *devres_find(struct device *dev, void (*action)(void *), const void *data)
{
	struct devres *res;

	list_for_each_entry(res, &dev->devres, node)
		if (res->action == action && res->data == data)
			return res;
	WARN(1, "%s: what is not managed cannot be let go", dev_name(dev));
	return NULL;
}

void devm_remove_action(struct device *dev, void (*action)(void *), void *data)
{
	struct devres *res = devres_find(dev, action, data);

	if (!res)
		return;
	list_del(&res->node);
	kfree(res);
}

void devm_release_action(struct device *dev, void (*action)(void *), void *data)
{
	devm_remove_action(dev, action, data);
	action(data);
}

void *devres_search(struct device *dev, void (*action)(void *), bool (*match)(const void *data, const void *like), const void *like)
{
	struct devres *res;

	list_for_each_entry(res, &dev->devres, node)
		if (res->action == action && match(res->data, like))
			return res->data;
	return NULL;
}

static void devm_kfree_action(void *data)
{
	kfree(data);
}

void *kernel_devm_kmalloc(struct device *dev, size_t size, gfp_t gfp, const char *where)
{
	void *p = kernel_kmalloc(size, gfp, where);

	if (!p || devm_add_action_or_reset(dev, devm_kfree_action, p))
		return NULL;
	return p;
}

static void devres_release(struct device *dev)
{
	struct devres *res, *next;

	list_for_each_entry_safe(res, next, &dev->devres, node) {
		list_del(&res->node);
		res->action(res->data);
		kfree(res);
	}
}

void device_release_driver(struct device *dev)
{
	devres_release(dev);
	dev->driver = NULL;
	dev->driver_data = NULL;
}

static const struct resource *find_resource(const struct platform_device *pdev, unsigned long type, unsigned int index)
{
	unsigned int i;

	for (i = 0; i < pdev->num_resources; i++)
		if ((pdev->resource[i].flags & type) && !index--)
			return &pdev->resource[i];
	return NULL;
}

int platform_get_irq(struct platform_device *pdev, unsigned int index)
{
	const struct resource *res = find_resource(pdev, IORESOURCE_IRQ, index);

	if (res)
		return (int)res->start;
	dev_err(&pdev->dev, "IRQ index %u not found\n", index);
	return -ENXIO;
}

static void devm_iounmap_action(void *addr)
{
	iounmap(addr);
}

void __iomem *devm_platform_ioremap_resource(struct platform_device *pdev, unsigned int index)
{
	const struct resource *res = find_resource(pdev, IORESOURCE_MEM, index);
	void __iomem *addr;
	int err;

	if (!res)
		return ERR_PTR(-EINVAL);
	addr = ioremap(res->start, resource_size(res));
	if (!addr)
		return ERR_PTR(-ENOMEM);
	err = devm_add_action_or_reset(&pdev->dev, devm_iounmap_action, addr);
	return err ? ERR_PTR(err) : addr;
}

static void bind(struct platform_device *pdev, struct platform_driver *driver)
{
	int err;

	if (pdev->dev.driver || strcmp(pdev->name, driver->driver.name))
		return;
	pdev->dev.driver = &driver->driver;
	err = driver->probe ? driver->probe(pdev) : 0;
	if (!err)
		return;
	dev_err(&pdev->dev, "probe with driver %s failed: %d\n", driver->driver.name, err);
	device_release_driver(&pdev->dev);
}

static void unbind(struct platform_device *pdev)
{
	struct platform_driver *driver;

	if (!pdev->dev.driver)
		return;
	driver = container_of(pdev->dev.driver, struct platform_driver, driver);
	if (driver->remove)
		driver->remove(pdev);
	device_release_driver(&pdev->dev);
	mapping_check_device(&pdev->dev);
}

int platform_device_register(struct platform_device *pdev)
{
	struct platform_driver *driver;
	void *data = pdev->dev.platform_data;

	device_initialize(&pdev->dev);
	pdev->dev.platform_data = data;
	dev_set_name(&pdev->dev, "%s.%d", pdev->name, pdev->id);
	pdev->platform_dma_mask = DMA_BIT_MASK(32);
	pdev->dev.dma_mask = &pdev->platform_dma_mask;
	pdev->dev.coherent_dma_mask = DMA_BIT_MASK(32);
	pdev->dev.dma_parms = &pdev->dma_parms;
	list_add_tail(&pdev->node, &platform_devices);
	list_for_each_entry(driver, &platform_drivers, node)
		bind(pdev, driver);
	return 0;
}

void platform_device_unregister(struct platform_device *pdev)
{
	unbind(pdev);
	list_del(&pdev->node);
}

int kernel_platform_driver_register(struct platform_driver *driver, struct module *owner)
{
	struct platform_device *pdev;

	driver->driver.owner = owner;
	list_add_tail(&driver->node, &platform_drivers);
	list_for_each_entry(pdev, &platform_devices, node)
		bind(pdev, driver);
	return 0;
}

void platform_driver_unregister(struct platform_driver *driver)
{
	struct platform_device *pdev;

	list_for_each_entry(pdev, &platform_devices, node)
		if (pdev->dev.driver == &driver->driver)
			unbind(pdev);
	list_del(&driver->node);
}

void kernel_initcall_register(struct initcall *call)
{
	call->next = initcalls;
	initcalls = call;
}

void device_initcalls(void)
{
	struct initcall *call;

	for (call = initcalls; call; call = call->next)
		WARN_ON(call->fn());
}

void kernel_module_register(struct module *module)
{
	module->next = modules;
	modules = module;
}

bool try_module_get(struct module *module)
{
	if (module)
		module->refs++;
	return true;
}

void module_put(struct module *module)
{
	if (!module)
		return;
	if (!module->refs)
		kernel_problem("module %s: reference dropped that was not taken", module->name);
	else
		module->refs--;
}

struct module *kernel_module_newest(void)
{
	return modules;
}

int kernel_module_load(struct module *module, const char *params)
{
	int err;

	if (module->live || !module->init)
		return 0;
	err = kernel_param_parse(module, params);
	if (!err)
		err = module->init();
	if (err)
		kernel_param_release(module);
	module->live = !err;
	return err;
}

void kernel_module_unload(struct module *module)
{
	if (!module->live)
		return;
	if (module->refs)
		kernel_problem("module %s is unloaded with %d users", module->name, module->refs);
	if (module->exit)
		module->exit();
	kernel_param_release(module);
	module->live = false;
	module->refs = 0;
}

static struct resource board_resources[1 + IRQ_LINES] = {
	{ .start = BOARD_MMIO_PHYS, .end = BOARD_MMIO_PHYS + BOARD_MMIO_SIZE - 1, .name = "registers", .flags = IORESOURCE_MEM },
};

static struct device *board;
static unsigned int board_vectors;	/* 0: not on PCI */
static void *board_data;
static struct platform_device board_device = { .name = "pqdma", .resource = board_resources };

static struct device *plug_platform(unsigned int channels)
{
	unsigned int i;

	for (i = 0; i < channels; i++)
		board_resources[1 + i] = (struct resource){ .start = IRQ_BASE + i, .end = IRQ_BASE + i, .flags = IORESOURCE_IRQ };
	board_device.num_resources = 1 + channels;
	board_device.dev.platform_data = board_data;
	platform_device_register(&board_device);
	return &board_device.dev;
}

int kernel_board_up(unsigned int channels)
{
	struct module *module;
	int err = 0;

	channels = min_t(unsigned int, channels, IRQ_LINES);
	board = board_vectors ? pci_plug(channels, board_vectors, board_data) : plug_platform(channels);
	for (module = modules; module && !err; module = module->next)
		err = kernel_module_load(module, "");
	if (err)
		return err;
	return board->driver ? 0 : -ENODEV;
}

void kernel_board_pci(unsigned int vectors)
{
	board_vectors = vectors;
}

void kernel_board_data(void *data)
{
	board_data = data;
}

static const struct dev_pm_ops *board_pm(void)
{
	return board->driver ? board->driver->pm : NULL;
}

int kernel_board_suspend(void)
{
	return board_pm() ? board_pm()->suspend_late(board) : 0;
}

int kernel_board_resume(void)
{
	return board_pm() ? board_pm()->resume_early(board) : 0;
}

void kernel_board_unplug(void)
{
	if (pci_is_plugged())
		pci_unplug();
	else
		platform_device_unregister(&board_device);
	board = NULL;
}

void kernel_board_down(void)
{
	struct module *module;

	for (module = modules; module; module = module->next)
		kernel_module_unload(module);
	if (board)
		kernel_board_unplug();
}

void device_boot(void)
{
	struct module *module;

	/* The machine before may have stopped without taking anything down. */
	board = NULL;
	board_data = NULL;
	board_vectors = 0;
	pci_boot();
	INIT_LIST_HEAD(&platform_devices);
	INIT_LIST_HEAD(&platform_drivers);
	for (module = modules; module; module = module->next) {
		module->live = false;
		module->refs = 0;
	}
}

void device_check_shutdown(void)
{
	struct platform_device *pdev;

	list_for_each_entry(pdev, &platform_devices, node)
		kernel_problem("device %s is still plugged in", dev_name(&pdev->dev));
	if (pci_is_plugged())
		kernel_problem("the PCI function is still plugged in");
}
